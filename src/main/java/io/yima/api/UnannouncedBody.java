package io.yima.api;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Holds bodies to the same limit whose length no Content-Length announced, such as chunked ones,
 * and refuses them as soon as they exceed it.
 */
class UnannouncedBody {

  private static final int BEFORE_ANYBODY_READS = 100;
  private static final Set<String> WITHOUT_BODY =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  @ServerRequestFilter(priority = BEFORE_ANYBODY_READS)
  void limit(ContainerRequestContext request, RoutingContext context) {
    if (request.getHeaderString(HttpHeaders.CONTENT_LENGTH) == null
        && !WITHOUT_BODY.contains(request.getMethod())) {
      request.setEntityStream(new Limited(request.getEntityStream(), context));
    }
  }

  private static final class Limited extends FilterInputStream {

    private final RoutingContext context;
    private long count;

    Limited(InputStream in, RoutingContext context) {
      super(in);
      this.context = context;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      count += Math.max(0, read);
      if (count > RequestLimits.MAX_BODY) {
        RequestLimits.closeAfter(context);
        throw new BodyTooLarge(RequestLimits.MAX_BODY);
      }
      return read;
    }
  }
}
