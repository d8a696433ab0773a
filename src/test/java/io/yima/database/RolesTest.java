package io.yima.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which roles a start is refused with: real ones, on a server of their own. */
class RolesTest {

  private static final String LOGIN = "other_login";

  @TempDir static Path directory;

  private static EmbeddedPostgres server;

  @BeforeAll
  static void start() {
    server = EmbeddedPostgres.start(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @AfterEach
  void removeRoles() throws SQLException {
    asSuperuser("drop table if exists owned");
    for (String role : new String[] {LOGIN, DatabaseRoles.API, DatabaseRoles.WORKER}) {
      asSuperuser("drop role if exists " + role);
    }
  }

  @Test
  void a_login_that_may_not_make_roles_is_told_which_file_does() throws SQLException {
    login("");

    assertThatThrownBy(this::ensure)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("permission denied")
        .hasMessageContaining("deploy/postgresql/roles.sql");
    assertThat(ask("select count(*) from pg_roles where rolname like 'yima\\_%'")).isEqualTo("0");
  }

  @Test
  void a_login_that_is_no_member_and_may_not_become_one_is_told_so_too() throws SQLException {
    login("");
    asSuperuser("create role yima_api nologin");
    asSuperuser("create role yima_worker nologin");

    assertThatThrownBy(this::ensure)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("deploy/postgresql/roles.sql");
  }

  @Test
  void a_member_as_the_file_makes_one_may_start() throws SQLException {
    login("");
    asSuperuser("create role yima_api nologin");
    asSuperuser("create role yima_worker nologin");
    asSuperuser("grant yima_api, yima_worker to " + LOGIN + " with inherit false, set true");

    assertThatCode(this::ensure).doesNotThrowAnyException();
    checkApi(DatabaseRoles.API);
  }

  @Test
  void a_superuser_may_start_as_long_as_its_pools_take_their_roles() throws SQLException {
    login("superuser");

    assertThatCode(this::ensure).doesNotThrowAnyException();
    checkApi(DatabaseRoles.API);
  }

  @Test
  void a_login_that_inherits_the_worker_s_sight_is_refused() throws SQLException {
    login("");
    asSuperuser("create role yima_api nologin");
    asSuperuser("create role yima_worker nologin");
    asSuperuser("grant yima_api, yima_worker to " + LOGIN + " with inherit true, set true");

    assertThatThrownBy(this::ensure)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("inherits")
        .hasMessageContaining("deploy/postgresql/roles.sql");
  }

  @Test
  void a_pool_under_another_role_than_its_own_stops_the_start() throws SQLException {
    login("");

    assertRefused(LOGIN, DatabaseRoles.API, "works as role " + LOGIN);
  }

  @Test
  void a_pool_s_role_that_is_superuser_or_bypasses_policies_stops_the_start() throws SQLException {
    for (String right : new String[] {"superuser", "bypassrls"}) {
      login(right);

      assertRefused(LOGIN, LOGIN, "works as role " + LOGIN);
      asSuperuser("drop role " + LOGIN);
    }
  }

  @Test
  void a_pool_s_role_that_owns_tables_or_inherits_their_owner_stops_the_start()
      throws SQLException {
    login("");
    assertThatCode(() -> checkPool(LOGIN, LOGIN)).doesNotThrowAnyException();
    asSuperuser("create table owned (n int)");
    asSuperuser("alter table owned owner to " + LOGIN);

    assertRefused(LOGIN, LOGIN, "no owner of tables");

    asSuperuser("alter table owned owner to " + server.username());
    asSuperuser("grant " + server.username() + " to " + LOGIN + " with inherit true");
    assertRefused(LOGIN, LOGIN, "no owner of tables");
  }

  @Test
  void a_role_for_requests_that_inherits_the_worker_s_sight_stops_the_start() throws SQLException {
    login("");
    asSuperuser("create role yima_worker nologin");
    asSuperuser("grant yima_worker to " + LOGIN + " with inherit false");
    assertThatCode(() -> checkPool(LOGIN, LOGIN)).doesNotThrowAnyException();

    asSuperuser("grant yima_worker to " + LOGIN + " with inherit true");

    assertRefused(LOGIN, LOGIN, "inherit");
  }

  private void ensure() {
    DatabaseRoles.ensure(server.jdbcUrl(), LOGIN, server.password());
  }

  private static void login(String rights) throws SQLException {
    asSuperuser(
        "create role %s login password '%s' %s".formatted(LOGIN, server.password(), rights));
  }

  private static void assertRefused(String user, String expected, String words) {
    assertThatThrownBy(() -> checkPool(user, expected))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(words)
        .hasMessageContaining("deploy/postgresql/roles.sql");
  }

  private static void checkApi(String role) throws SQLException {
    try (AgroalDataSource pool = pool(LOGIN, "set role " + role)) {
      RoleCheck.check(pool, role);
    }
  }

  private static void checkPool(String user, String expected) throws SQLException {
    try (AgroalDataSource pool = pool(user, "")) {
      RoleCheck.check(pool, expected);
    }
  }

  private static AgroalDataSource pool(String user, String initialSql) throws SQLException {
    return AgroalDataSource.from(
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(
                pool ->
                    pool.maxSize(1)
                        .connectionFactoryConfiguration(
                            factory ->
                                factory
                                    .jdbcUrl(server.jdbcUrl())
                                    .initialSql(initialSql)
                                    .principal(new NamePrincipal(user))
                                    .credential(new SimplePassword(server.password())))));
  }

  private static void asSuperuser(String sql) throws SQLException {
    try (Connection connection = superuser();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(String sql) throws SQLException {
    try (Connection connection = superuser();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static Connection superuser() throws SQLException {
    return DriverManager.getConnection(server.jdbcUrl(), "postgres", server.password());
  }
}
