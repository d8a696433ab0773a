package io.yima.codes;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

/** Lets a batch be sent as CSV. */
@Provider
@Consumes(CsvOrders.MEDIA_TYPE)
public class CsvBatchReader implements MessageBodyReader<OrderBatch> {

  @Override
  public boolean isReadable(
      Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
    return type == OrderBatch.class;
  }

  @Override
  public OrderBatch readFrom(
      Class<OrderBatch> type,
      Type genericType,
      Annotation[] annotations,
      MediaType mediaType,
      MultivaluedMap<String, String> headers,
      InputStream body)
      throws IOException {
    return CsvOrders.read(body.readAllBytes(), mediaType.getParameters().get("charset"));
  }
}
