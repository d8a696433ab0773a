package io.yima.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The roles that row level security stands on: without login, taken by the pools with {@code SET
 * ROLE}. Made here where the login may; otherwise an administrator runs {@code
 * deploy/postgresql/roles.sql} once.
 */
public final class DatabaseRoles {

  public static final String API = "yima_api";
  public static final String WORKER = "yima_worker";

  /** The PostgreSQL version since which a grant itself says whether it is inherited. */
  private static final int INHERIT_BY_GRANT = 16;

  /** Superusers have every role; what is to be said of them, {@link RoleCheck} says. */
  private static final String INHERITS =
      """
      select pg_has_role(current_user, ?, 'USAGE') and not rolsuper
      from pg_roles where rolname = current_user
      """;

  private static final String MAY_LET_SEE_STATISTICS =
      """
      select pg_has_role(current_user, 'pg_read_all_stats', 'MEMBER WITH ADMIN OPTION')
        and not pg_has_role(?, 'pg_read_all_stats', 'USAGE')
      """;

  private DatabaseRoles() {}

  /**
   * Makes sure that both roles exist and that the login is a member of them. Throws {@link
   * IllegalStateException} with the remedy when it is not and may not make it so, when the login
   * inherits the worker's sight, and when the database cannot be reached.
   */
  public static void ensure(String jdbcUrl, String username, String password) {
    try (Connection connection = DriverManager.getConnection(jdbcUrl, username, password)) {
      for (String role : List.of(API, WORKER)) {
        ensure(connection, role);
      }
      refuseInheriting(connection, username);
      letSeeStatistics(connection);
    } catch (SQLException e) {
      throw new IllegalStateException(
          "The database cannot be used as "
              + username
              + ": "
              + e.getMessage()
              + " Check QUARKUS_DATASOURCE_JDBC_URL, _USERNAME and _PASSWORD; the roles are made"
              + " by deploy/postgresql/roles.sql.",
          e);
    }
  }

  /** So that the worker sees which session holds back vacuum; without it, none tells. */
  private static void letSeeStatistics(Connection connection) throws SQLException {
    if (ask(connection, MAY_LET_SEE_STATISTICS, WORKER)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("grant pg_read_all_stats to " + WORKER);
      }
    }
  }

  private static void refuseInheriting(Connection connection, String username) throws SQLException {
    if (ask(connection, INHERITS, WORKER)) {
      throw new IllegalStateException(
          username
              + " inherits the rights of "
              + WORKER
              + " and so sees every tenant's rows without taking that role. Run"
              + " deploy/postgresql/roles.sql again: it grants the role without inheritance.");
    }
  }

  private static void ensure(Connection connection, String role) throws SQLException {
    if (isMember(connection, role)) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      if (!exists(connection, role)) {
        statement.execute("create role " + role + " nologin");
      }
      // A policy also holds for every role that inherits its role: an owner that inherited the
      // worker's would see every tenant's rows without taking the role first.
      if (connection.getMetaData().getDatabaseMajorVersion() >= INHERIT_BY_GRANT) {
        statement.execute("grant " + role + " to current_user with inherit false, set true");
      } else {
        statement.execute("alter role current_user noinherit");
        statement.execute("grant " + role + " to current_user");
      }
    }
  }

  private static boolean exists(Connection connection, String role) throws SQLException {
    return ask(connection, "select exists (select 1 from pg_roles where rolname = ?)", role);
  }

  private static boolean isMember(Connection connection, String role) throws SQLException {
    return exists(connection, role)
        && ask(connection, "select pg_has_role(current_user, ?, 'MEMBER')", role);
  }

  private static boolean ask(Connection connection, String question, String role)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(question)) {
      select.setString(1, role);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }
}
