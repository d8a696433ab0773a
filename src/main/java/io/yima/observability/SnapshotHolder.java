package io.yima.observability;

import java.time.Duration;
import java.util.Locale;

/**
 * Who keeps PostgreSQL from removing rows that nobody else sees any more.
 *
 * @param name as an administrator finds it
 * @param age since when it does so; of a slot, for how long it was seen to stand still
 * @param transactions how many have begun since
 */
record SnapshotHolder(Kind kind, String name, Duration age, long transactions) {

  /** The three ways to do it, with the way to end each. */
  enum Kind {
    SESSION("select pg_terminate_backend(pid)"),
    PREPARED_TRANSACTION("commit prepared or rollback prepared"),
    REPLICATION_SLOT("start its consumer, or select pg_drop_replication_slot(slot_name)");

    private final String remedy;

    Kind(String remedy) {
      this.remedy = remedy;
    }

    String remedy() {
      return remedy;
    }

    /** For metrics. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
