package io.yima.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Binds one array a column, in the order of the statement's parameters. */
public final class ColumnArrays<R> {

  private final Connection connection;
  private final PreparedStatement statement;
  private final List<R> rows;
  private int position;

  /**
   * @param bound how many parameters before the first column are bound already
   */
  public ColumnArrays(Connection connection, PreparedStatement statement, List<R> rows, int bound) {
    this.connection = connection;
    this.statement = statement;
    this.rows = rows;
    this.position = bound;
  }

  /** Adds the next column; values go as texts, which PostgreSQL reads as the type named. */
  public ColumnArrays<R> add(String type, Function<R, @Nullable Object> column)
      throws SQLException {
    @Nullable String[] values = new @Nullable String[rows.size()];
    for (int i = 0; i < values.length; i++) {
      Object value = column.apply(rows.get(i));
      values[i] = value == null ? null : value.toString();
    }
    statement.setArray(++position, connection.createArrayOf(type, values));
    return this;
  }
}
