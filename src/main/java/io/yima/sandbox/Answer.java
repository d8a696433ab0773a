package io.yima.sandbox;

import java.util.Map;

/** What is sent back. */
record Answer(int status, String contentType, String body, Map<String, String> headers) {

  static Answer json(int status, Object value) {
    return new Answer(status, "application/json; charset=utf-8", Json.write(value), Map.of());
  }

  static Answer html(int status, String page) {
    return new Answer(status, "text/html; charset=utf-8", page, Map.of());
  }

  static Answer text(int status, String text) {
    return new Answer(status, "text/plain; charset=utf-8", text, Map.of());
  }

  static Answer redirect(String location) {
    return new Answer(302, "text/plain; charset=utf-8", "", Map.of("Location", location));
  }
}
