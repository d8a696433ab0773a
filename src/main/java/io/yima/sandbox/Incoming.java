package io.yima.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as it came in; header names are in lower case. */
record Incoming(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    String body) {

  boolean post() {
    return method.equals("POST");
  }

  @Nullable String header(String name) {
    return headers.get(name);
  }

  /** The access token under either of the names that WeChat's pages give it. */
  @Nullable String componentToken() {
    String token = query.get("component_access_token");
    return token != null ? token : query.get("access_token");
  }

  /** A text of the JSON body, or null: for counters and faults, which refuse nothing. */
  @Nullable String peek(String field) {
    JsonNode json = Json.parse(body);
    JsonNode value = json == null ? null : json.get(field);
    return value == null || !value.isTextual() ? null : value.textValue();
  }

  /** Host and port of an address, or null when it is none. */
  static @Nullable String domain(@Nullable String address) {
    if (address == null) {
      return null;
    }
    try {
      URI uri = new URI(address);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return web && uri.getHost() != null ? uri.getAuthority() : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
