package io.yima.api.openapi;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/** References such as {@code #/components/schemas/Order}. */
final class References {

  private References() {}

  /** The last part. */
  static String name(String reference) {
    return reference.substring(reference.lastIndexOf('/') + 1);
  }

  /** What is referred to among these. */
  static <T> T find(Map<String, T> described, String reference) {
    return requireNonNull(described.get(name(reference)), reference);
  }
}
