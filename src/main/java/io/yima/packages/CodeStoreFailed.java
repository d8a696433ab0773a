package io.yima.packages;

import org.jspecify.annotations.Nullable;

/** The store of packages did not do its part. */
class CodeStoreFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CodeStoreFailed(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
