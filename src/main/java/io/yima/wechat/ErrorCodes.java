package io.yima.wechat;

import java.util.Optional;

/** What WeChat's error numbers mean, by interface and number. */
final class ErrorCodes {

  private ErrorCodes() {}

  static Optional<String> remedy(WeChatError error) {
    return Optional.empty();
  }
}
