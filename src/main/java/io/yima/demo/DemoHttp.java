package io.yima.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** JSON over HTTP to one address, with the same headers every time. */
final class DemoHttp {

  /** What came back. */
  record Answer(int status, JsonNode body) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;
  private final Map<String, String> headers;

  DemoHttp(String base, Map<String, String> headers) {
    this.base = base;
    this.headers = Map.copyOf(headers);
  }

  Answer fetch(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  Answer post(String path, Map<String, ?> body) throws IOException, InterruptedException {
    String json = JSON.writeValueAsString(body);
    return send(request(path).POST(BodyPublishers.ofString(json)));
  }

  /** {@link #post} where nothing but success is expected. */
  JsonNode require(String path, Map<String, ?> body) throws IOException, InterruptedException {
    Answer answer = post(path, body);
    if (answer.status() / 100 != 2) {
      throw new IOException(path + " was answered " + answer.status() + " " + answer.body());
    }
    return answer.body();
  }

  Answer put(String path, Map<String, ?> body) throws IOException, InterruptedException {
    String json = JSON.writeValueAsString(body);
    return send(request(path).PUT(BodyPublishers.ofString(json)));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(LIMIT)
            .header("Content-Type", "application/json");
    headers.forEach(request::header);
    return request;
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    return new Answer(response.statusCode(), JSON.readTree(response.body()));
  }
}
