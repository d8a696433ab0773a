package io.yima.wechat;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A request body that knows whether it was sent. The HTTP client writes it when the connection
 * stands and just before anything is sent, so waiting for a connection cannot make a call late, and
 * what was withdrawn in time has certainly not left this machine.
 */
final class RequestBody {

  private enum State {
    WAITING,
    RELEASED,
    WITHDRAWN
  }

  private final byte[] json;
  private final Deadline deadline;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

  RequestBody(Json json, Deadline deadline) {
    this.json = json.bytes();
    this.deadline = deadline;
  }

  /** The deadline passed, or the caller gave up, before anything was sent. */
  static final class TooLate extends IOException {
    private static final long serialVersionUID = 1L;
  }

  boolean isTooLate() {
    return deadline.passed();
  }

  /** Gives up; true when nothing was sent and nothing will be. */
  boolean withdraw() {
    return state.compareAndSet(State.WAITING, State.WITHDRAWN);
  }

  private byte[] release() throws TooLate {
    if (deadline.passed() || !state.compareAndSet(State.WAITING, State.RELEASED)) {
      throw new TooLate();
    }
    return json;
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
      out.write(body.release());
    }
  }
}
