package io.yima.wechat;

import io.vertx.core.http.ConnectionPoolTooBusyException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.microprofile.rest.client.RestClientBuilder;
import org.jboss.resteasy.reactive.client.api.LoggingScope;
import org.jboss.resteasy.reactive.client.api.QuarkusRestClientProperties;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request and brings back status and body, within one time limit for all of it. What goes
 * wrong is told by its type alone: messages of the HTTP client quote addresses, and addresses carry
 * tokens.
 */
final class Wire {

  private static final int MAX_BODY = 4 << 20;
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(2);

  private static final int IDLE_SECONDS = 30;
  private static final Outcome TOO_LATE = new Outcome.NotSent("too late to start");

  /** What a request came to. */
  sealed interface Outcome {

    /** Bodies are UTF-8 whatever their content type says: WeChat sends JSON as text/plain. */
    record Answered(int status, String body) implements Outcome {}

    /** Nothing left this machine. */
    record NotSent(String why) implements Outcome {}

    /** It left, and no whole answer came back. */
    record Lost(String why) implements Outcome {}
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
            .property(QuarkusRestClientProperties.CONNECTION_POOL_SIZE, config.maxInFlight())
            // Sooner than servers and what stands before them, which are wont to wait for a minute:
            // a
            // request on a connection that they just closed would leave its outcome unknown.
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
  Outcome send(Call.Request request, Json body, Deadline deadline) {
    byte[] json = body.bytes();
    FutureTask<Outcome> task = new FutureTask<>(() -> sendAndRead(request, json, deadline));
    Thread.ofVirtual().name("wechat-call").start(task);
    try {
      return task.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      return new Outcome.Lost("no whole answer within the time limit");
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      return new Outcome.Lost("interrupted while waiting for the answer");
    } catch (ExecutionException e) {
      return outcomeOf(e.getCause());
    }
  }

  private Outcome sendAndRead(Call.Request request, byte[] json, Deadline deadline)
      throws IOException {
    if (deadline.passed()) {
      return TOO_LATE;
    }
    try (Response response = request.send(api, new RequestBody(json, deadline))) {
      byte[] body = response.hasEntity() ? read(response) : new byte[0];
      return body.length > MAX_BODY
          ? new Outcome.Lost("the answer is longer than 4 MiB")
          : new Outcome.Answered(response.getStatus(), new String(body, StandardCharsets.UTF_8));
    }
  }

  private static byte[] read(Response response) throws IOException {
    try (InputStream body = response.readEntity(InputStream.class)) {
      return body.readNBytes(MAX_BODY + 1);
    }
  }

  private static Outcome outcomeOf(@Nullable Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String type = cause.getClass().getSimpleName();
      switch (cause) {
        case ConnectException _,
            UnknownHostException _,
            NoRouteToHostException _,
            UnresolvedAddressException _,
            SSLHandshakeException _,
            ConnectionPoolTooBusyException _ -> {
          return new Outcome.NotSent("no connection to WeChat (" + type + ")");
        }
        case RequestBody.TooLate _ -> {
          return TOO_LATE;
        }
        case TimeoutException _ -> {
          return new Outcome.Lost("no answer within the time limit");
        }
        case Error error -> throw error;
        default -> {}
      }
    }
    return new Outcome.Lost("the connection broke before the answer was whole");
  }
}
