package io.yima.codes;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** What a package is known by: its application, and the first of its codes. */
record PackageKey(ApplicationKey application, long codeStart) {

  /** Binds the four parts and gives the next parameter's position. */
  int bind(PreparedStatement statement, int position) throws SQLException {
    int next = Ledger.bind(statement, position, application);
    statement.setLong(next, codeStart);
    return next + 1;
  }
}
