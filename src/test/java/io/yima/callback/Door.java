package io.yima.callback;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;

/** An address that pushes go to, knocked at with any bytes. */
record Door(URI address) {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** What was answered, as {@code 200 success}. */
  String push(Push push) {
    return send(push.query(), push.body().getBytes(StandardCharsets.UTF_8));
  }

  String send(String query, byte[] body, String... headers) {
    return send(query, BodyPublishers.ofByteArray(body), headers);
  }

  /** Without announcing the body's length. */
  String chunked(String query, byte[] body) {
    return send(query, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
  }

  private String send(String query, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + "?" + query))
            .timeout(Duration.ofSeconds(30))
            .POST(body);
    if (Stream.of(headers).noneMatch("Content-Type"::equals)) {
      request.header("Content-Type", "text/xml");
    }
    for (int at = 0; at < headers.length; at += 2) {
      request.header(headers[at], headers[at + 1]);
    }
    try {
      var answer = CLIENT.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
      return answer.statusCode() + " " + answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
