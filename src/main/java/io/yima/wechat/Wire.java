package io.yima.wechat;

import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.rest.client.RestClientBuilder;
import org.jboss.resteasy.reactive.client.api.LoggingScope;
import org.jboss.resteasy.reactive.client.api.QuarkusRestClientProperties;

/**
 * Sends one request and brings back status and body, within one time limit for all of it. What goes
 * wrong is told by its type alone: messages of the HTTP client quote addresses, and addresses carry
 * tokens.
 */
final class Wire {

  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(2);

  private static final int IDLE_SECONDS = 30;

  /** What a request came to. */
  sealed interface Outcome {

    /** Bodies are UTF-8 whatever their content type says: WeChat sends JSON as text/plain. */
    record Answered(int status, String body) implements Outcome {}

    /** Nothing left this machine: it was too late, or WeChat cannot be reached. */
    record NotSent(String why, boolean unreachable) implements Outcome {}

    /** It left, and no whole answer came back. */
    record Lost(String why, How how) implements Outcome {}

    /** What kept a whole answer from coming. */
    enum How {
      TIMED_OUT,
      TOO_LONG,
      BROKEN_OFF
    }
  }

  private final WeChatApi api;
  private final Duration timeout;

  Wire(WeChatConfig config) {
    this.timeout = config.timeout();
    long connect = Math.min(timeout.toMillis(), LONGEST_CONNECT.toMillis());
    this.api =
        RestClientBuilder.newBuilder()
            .baseUri(config.baseUrl())
            .connectTimeout(connect, TimeUnit.MILLISECONDS)
            .readTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .followRedirects(false)
            .property("microprofile.rest.client.disable.default.mapper", true)
            .property(
                QuarkusRestClientProperties.CONNECTION_POOL_SIZE,
                config.maxInFlight() + Circuit.PROBES)
            // Idle connections go before the other side closes them: a request that meets a closing
            // connection leaves its outcome unknown.
            .property(QuarkusRestClientProperties.CONNECTION_TTL, IDLE_SECONDS)
            .register(new RequestBody.Writer())
            // Requests carry tokens; not even a global setting may have them logged.
            .property(QuarkusRestClientProperties.LOGGING_SCOPE, LoggingScope.NONE)
            .build(WeChatApi.class);
  }

  /**
   * The sending thread is a virtual one of its own, because the HTTP client's own limits bound the
   * silence between two bytes, not the whole.
   */
  Outcome send(Call<?> call, Deadline deadline) {
    RequestBody body = new RequestBody(call.body(), deadline.within(timeout));
    FutureTask<Outcome> task = new FutureTask<>(() -> sendAndRead(call, body));
    Thread.ofVirtual().name("wechat-call").start(task);
    try {
      return task.get(timeout.toNanos() * call.endpoint().patience(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      return outcome(body, e);
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      return outcome(body, e);
    } catch (ExecutionException e) {
      return outcome(body, rootOf(e));
    }
  }

  private Outcome sendAndRead(Call<?> call, RequestBody body) throws IOException {
    if (body.isTooLate()) {
      throw new RequestBody.TooLate();
    }
    int longest = call.endpoint().longestAnswer();
    try (Response response = call.request().send(api, body)) {
      byte[] answer = response.hasEntity() ? read(response, longest) : new byte[0];
      return answer.length > longest
          ? new Outcome.Lost(
              "the answer is longer than " + (longest >> 20) + " MiB", Outcome.How.TOO_LONG)
          : new Outcome.Answered(response.getStatus(), new String(answer, StandardCharsets.UTF_8));
    }
  }

  private static byte[] read(Response response, int longest) throws IOException {
    try (InputStream body = response.readEntity(InputStream.class)) {
      return body.readNBytes(longest + 1);
    }
  }

  /** Connecting, the TLS handshake included, comes before the body is taken. */
  private static Outcome outcome(RequestBody body, Throwable thrown) {
    if (thrown instanceof RequestBody.TooLate) {
      return new Outcome.NotSent("too late to start", false);
    }
    String type = thrown.getClass().getSimpleName();
    return body.withdraw()
        ? new Outcome.NotSent(
            "no connection to WeChat (" + type + ")", !(thrown instanceof InterruptedException))
        : new Outcome.Lost(
            "no whole answer from WeChat (" + type + ")",
            thrown instanceof TimeoutException ? Outcome.How.TIMED_OUT : Outcome.How.BROKEN_OFF);
  }

  private static Throwable rootOf(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
