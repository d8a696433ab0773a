package io.yima.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A safeguard taken out of the statements on their way to PostgreSQL, so that a test of that
 * safeguard can be shown to fail without it. Every replacement has the length of what it replaces.
 */
enum SqlMutation {
  /** Statements as they are. */
  NONE("", "", ""),

  /** Results are written whatever generation the row has by now. */
  NO_FENCE("t.generation = v.generation", "t.generation = t.generation", ""),

  /** Rows are claimed though somebody holds them. */
  NO_LEASE("t.lease_until < now()", "true                 ", ""),

  /** Leases are over as soon as they begin, though their holders count on them. */
  NO_DURATION("lease_until = now() + $", "lease_until = now() - $", ""),

  /** Orders are sent to WeChat though they were never stored. */
  NO_WRITE_AHEAD("", "", "insert into code_application (");

  private final String safeguard;
  private final String replacement;
  private final String undone;
  private final AtomicInteger used = new AtomicInteger();

  SqlMutation(String safeguard, String replacement, String undone) {
    assertThat(replacement).hasSameSizeAs(safeguard);
    this.safeguard = safeguard;
    this.replacement = replacement;
    this.undone = undone;
  }

  String of(String sql) {
    if (safeguard.isEmpty() || !sql.contains(safeguard)) {
      return sql;
    }
    used.incrementAndGet();
    return sql.replace(safeguard, replacement);
  }

  /** Whether the transaction of this statement is to leave nothing behind. */
  boolean undoes(String sql) {
    boolean undoes = !undone.isEmpty() && sql.contains(undone);
    if (undoes) {
      used.incrementAndGet();
    }
    return undoes;
  }

  /** Whether any statement was changed: a mutation that finds nothing proves nothing. */
  boolean wasUsed() {
    return this == NONE || used.get() > 0;
  }
}
