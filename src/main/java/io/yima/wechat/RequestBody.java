package io.yima.wechat;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

/**
 * A request body that refuses to be sent too late. The HTTP client writes it when the connection
 * stands, so waiting for a connection counts as well.
 */
final class RequestBody {

  private final byte[] json;
  private final Deadline deadline;

  RequestBody(byte[] json, Deadline deadline) {
    this.json = json.clone();
    this.deadline = deadline;
  }

  /** The deadline passed before anything was sent. */
  static final class TooLate extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Writes it as it is, whatever the application does to its own JSON. */
  static final class Writer implements MessageBodyWriter<RequestBody> {

    @Override
    public boolean isWriteable(
        Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
      return type == RequestBody.class;
    }

    @Override
    public void writeTo(
        RequestBody body,
        Class<?> type,
        Type genericType,
        Annotation[] annotations,
        MediaType mediaType,
        MultivaluedMap<String, Object> headers,
        OutputStream out)
        throws IOException {
      if (body.deadline.passed()) {
        throw new TooLate();
      }
      out.write(body.json);
    }
  }
}
