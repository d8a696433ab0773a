package io.yima.database;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Set;

/** PostgreSQL refused a statement or could not be reached. */
public class DatabaseFailed extends RuntimeException {

  /** PostgreSQL's word for a transaction that took too long. */
  private static final String TRANSACTION_TIMEOUT = "25P04";

  /** Connection trouble, too little of something, being restarted, and lost races. */
  private static final Set<String> PASSING = Set.of("08", "53", "57", "40");

  /** Sessions that were ended because they did nothing, or nothing but wait, for too long. */
  private static final Set<String> TOO_LONG = Set.of("25P03", TRANSACTION_TIMEOUT, "25P05");

  private final boolean passing;

  public DatabaseFailed(SQLException cause) {
    super(cause);
    String state = cause.getSQLState();
    passing =
        state == null
            || (state.length() >= 2 && PASSING.contains(state.substring(0, 2)))
            || isTooLong(state);
  }

  /** Whether this SQLSTATE says that a session or its transaction took too long. */
  public static boolean isTooLong(String state) {
    return TOO_LONG.contains(state);
  }

  /** Whether one of many rows may be to blame, so that the others are worth a try without it. */
  public static boolean mayBeOfOneRow(Throwable thrown) {
    return thrown instanceof DatabaseFailed failed
        ? !failed.isPassing()
        : thrown instanceof RuntimeException;
  }

  /** Of a transaction that was rolled back while this was being done in it. */
  public static DatabaseFailed tookTooLong(RuntimeException stumbledOver) {
    return new DatabaseFailed(
        new SQLTimeoutException(
            "the transaction took too long", TRANSACTION_TIMEOUT, stumbledOver));
  }

  /** Whether the same statement may succeed later without anybody mending it. */
  public boolean isPassing() {
    return passing;
  }
}
