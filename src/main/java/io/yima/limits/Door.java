package io.yima.limits;

import java.util.Optional;

/** The doors of this application that are open to callers from outside, by path. */
enum Door {
  /** Asks for an API key. */
  API,
  /** WeChat's pushes: few addresses, many requests, and a signature on each. */
  PUSH,
  /** Merchants' browsers. */
  PAGE;

  /** Empty for health, metrics and other pages that only operators reach. */
  static Optional<Door> of(String path) {
    if (path.startsWith("/api/") || path.startsWith("/gateway/")) {
      return Optional.of(API);
    }
    if (!path.startsWith("/wechat/")) {
      return Optional.empty();
    }
    int second = path.indexOf('/', "/wechat/".length());
    String rest = second < 0 ? "" : path.substring(second);
    return Optional.of(rest.equals("/events") || rest.startsWith("/messages/") ? PUSH : PAGE);
  }
}
