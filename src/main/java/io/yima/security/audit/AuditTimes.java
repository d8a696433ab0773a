package io.yima.security.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Times as they stand in an address. */
final class AuditTimes {

  private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59.999999Z");

  private AuditTimes() {}

  /**
   * Reads RFC 3339; throws {@link DateTimeException} for what PostgreSQL could not hold as well.
   */
  static Instant read(String text) {
    Instant instant = OffsetDateTime.parse(text).toInstant();
    if (instant.isBefore(Instant.EPOCH) || instant.isAfter(END_OF_TIME)) {
      throw new DateTimeException("out of range");
    }
    return instant;
  }
}
