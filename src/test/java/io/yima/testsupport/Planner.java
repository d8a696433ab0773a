package io.yima.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.path.json.JsonPath;
import io.yima.database.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What PostgreSQL's planner makes of a statement. */
public final class Planner {

  /** Binds a statement's parameters. */
  @FunctionalInterface
  public interface Parameters {
    void bind(PreparedStatement statement) throws SQLException;
  }

  private Planner() {}

  /** Lets it see how a table is now; only the owner may. */
  public static void refreshStatistics(String table) throws SQLException {
    EmbeddedPostgres server = TestDatabase.server();
    try (Connection connection =
            DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute("analyze " + table);
    }
  }

  /** How many pages a statement touches that is to return so many rows. It is carried out. */
  public static int pagesTouched(
      Connection connection, String statement, Parameters parameters, int rows)
      throws SQLException {
    String explain = "explain (analyze, buffers, timing off, format json) ";
    try (PreparedStatement explained = connection.prepareStatement(explain + statement)) {
      parameters.bind(explained);
      try (ResultSet row = explained.executeQuery()) {
        row.next();
        JsonPath plan = JsonPath.from(row.getString(1)).setRootPath("[0].Plan");
        assertThat(plan.getDouble("'Actual Rows'")).isEqualTo(rows);
        return plan.getInt("'Shared Hit Blocks'") + plan.getInt("'Shared Read Blocks'");
      }
    }
  }
}
