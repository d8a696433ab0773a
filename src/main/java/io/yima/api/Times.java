package io.yima.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Times as they come from outside. */
public final class Times {

  /** RFC 3339 has four digits for the year. */
  private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59.999999Z");

  private Times() {}

  /** Reads RFC 3339; throws {@link DateTimeException} also for what PostgreSQL could not hold. */
  public static Instant read(String text) {
    Instant instant = OffsetDateTime.parse(text).toInstant();
    if (instant.isBefore(Instant.EPOCH) || instant.isAfter(END_OF_TIME)) {
      throw new DateTimeException("out of range");
    }
    return instant;
  }
}
