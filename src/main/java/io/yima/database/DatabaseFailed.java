package io.yima.database;

import java.sql.SQLException;
import java.util.Set;

/** PostgreSQL refused a statement or could not be reached. */
public class DatabaseFailed extends RuntimeException {

  /** Connection trouble, too little of something, being restarted, and lost races. */
  private static final Set<String> PASSING = Set.of("08", "53", "57", "40");

  private final boolean passing;

  public DatabaseFailed(SQLException cause) {
    super(cause);
    String state = cause.getSQLState();
    passing = state == null || (state.length() >= 2 && PASSING.contains(state.substring(0, 2)));
  }

  /** Whether the same statement may succeed later without anybody mending it. */
  public boolean isPassing() {
    return passing;
  }
}
