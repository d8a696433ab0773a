package io.yima.database;

import java.sql.SQLException;

/** PostgreSQL refused a statement or could not be reached. */
public class DatabaseFailed extends RuntimeException {

  public DatabaseFailed(SQLException cause) {
    super(cause);
  }
}
