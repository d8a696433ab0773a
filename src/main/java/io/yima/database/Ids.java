package io.yima.database;

import java.util.UUID;
import org.hibernate.id.uuid.UuidVersion7Strategy;

/** Identifiers of ours: UUIDv7, made here and not by the database, ascending with time. */
public final class Ids {

  private Ids() {}

  public static UUID next() {
    return UuidVersion7Strategy.INSTANCE.generateUuid(null);
  }

  /**
   * One that comes behind the former in PostgreSQL's order, for what must stand in the order in
   * which it was stored: the clock of the node that made the former may have been ahead.
   */
  public static UUID nextAfter(UUID former) {
    UUID next = next();
    return isAfter(next, former)
        ? next
        : new UUID(former.getMostSignificantBits(), former.getLeastSignificantBits() + 1);
  }

  /** Byte by byte and without signs, as PostgreSQL has it. */
  private static boolean isAfter(UUID one, UUID other) {
    int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
    return high > 0
        || (high == 0
            && Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits())
                > 0);
  }
}
