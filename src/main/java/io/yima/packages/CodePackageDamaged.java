package io.yima.packages;

import org.jspecify.annotations.Nullable;

/** The store works, but what it gives is not what it was given: asking again does not help. */
final class CodePackageDamaged extends CodeStoreFailed {

  private static final long serialVersionUID = 1L;

  CodePackageDamaged(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
