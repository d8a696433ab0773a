package io.yima.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.RestAssured;
import io.yima.contract.Description.Operation;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** One request for an operation: parameters by place and name, and a body. */
final class Call {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  final Operation operation;
  final Map<String, String> path = new LinkedHashMap<>();
  final Map<String, String> query = new LinkedHashMap<>();
  final Map<String, String> headers = new LinkedHashMap<>();
  byte[] body = new byte[0];

  private Call(Operation operation) {
    this.operation = operation;
  }

  /** A right request of this tenant; what it names is its own. */
  static Call of(Operation operation, Description description, Tenant tenant, String key) {
    Call call = new Call(operation);
    for (JsonNode parameter : operation.parameters()) {
      if (parameter.path("in").asText().equals("path")) {
        String name = parameter.path("name").asText();
        String own = tenant.own(name);
        call.path.put(name, own == null ? parameter.path("example").asText() : own);
      }
    }
    if (key != null) {
      call.headers.put("Authorization", "Bearer " + key);
    }
    JsonNode example = operation.node().at("/requestBody/content/application~1json/example");
    if (!example.isMissingNode()) {
      call.headers.put("Content-Type", "application/json");
      call.json(example);
    } else if (operation.node().has("requestBody")) {
      call.headers.put("Content-Type", "text/xml");
      call.body =
          description
              .resolved(operation.node().path("requestBody"))
              .at("/content/text~1xml/example")
              .asText()
              .getBytes(StandardCharsets.UTF_8);
    }
    return call;
  }

  void json(JsonNode value) {
    try {
      body = JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Puts a value where the parameter stands. */
  void put(JsonNode parameter, String value) {
    String name = parameter.path("name").asText();
    switch (parameter.path("in").asText()) {
      case "path" -> path.put(name, value);
      case "query" -> query.put(name, value);
      default -> headers.put(name, value);
    }
  }

  /** All that is sent, as text. */
  String text() {
    return operation.verb()
        + " "
        + address()
        + " "
        + headers
        + " "
        + query
        + path
        + new String(body, StandardCharsets.UTF_8);
  }

  HttpResponse<String> send() {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + address()));
    headers.forEach(request::header);
    request.method(
        operation.verb(),
        body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(text(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String address() {
    String address = operation.path();
    for (Map.Entry<String, String> part : path.entrySet()) {
      address = address.replace("{" + part.getKey() + "}", encoded(part.getValue()));
    }
    StringBuilder whole = new StringBuilder(address);
    char separator = '?';
    for (Map.Entry<String, String> parameter : query.entrySet()) {
      whole
          .append(separator)
          .append(parameter.getKey())
          .append('=')
          .append(encoded(parameter.getValue()));
      separator = '&';
    }
    return whole.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
