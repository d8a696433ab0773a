package io.yima.secrets;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A secret text in memory. Its {@code toString} tells nothing, so that it can stand in records, log
 * lines and error messages; {@link #reveal()} is the one, greppable way to its value. Never empty.
 */
public final class Secret {

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /** Wraps a text; throws {@link IllegalArgumentException} when it is empty. */
  public static Secret of(String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a secret must not be empty");
    }
    return new Secret(value);
  }

  /** Wraps a text that an answer may leave out or leave empty: both become {@code null}. */
  public static @Nullable Secret ofNullable(@Nullable String value) {
    return value == null || value.isEmpty() ? null : new Secret(value);
  }

  /** The secret itself. */
  public String reveal() {
    return value;
  }

  /** Equal when the texts are; takes the same time wherever they differ. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret that
        && MessageDigest.isEqual(
            value.getBytes(StandardCharsets.UTF_8), that.value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "[secret]";
  }
}
