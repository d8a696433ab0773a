package io.yima.wechat;

import io.yima.secrets.Secret;

/** The three ways to name one code [M5]. */
public sealed interface CodeReference {

  /** Its place in its batch; the first is 0. */
  record ByIndex(long applicationId, long codeIndex) implements CodeReference {}

  /** Its nine characters. */
  record ByCode(Secret code) implements CodeReference {}

  /** What is printed. */
  record ByUrl(Secret codeUrl) implements CodeReference {}
}
