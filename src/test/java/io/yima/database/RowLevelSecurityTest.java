package io.yima.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.testsupport.TestDatabase;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class RowLevelSecurityTest {

  private static final String TENANT_TABLES =
      """
      select c.relname from pg_class c
        join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'provider_id'
      where c.relkind in ('r', 'p') and c.relname <> 'api_key'
      order by c.relname
      """;

  private static final String TENANT_TABLES_WITHOUT_POLICY =
      """
      select c.relname from pg_class c
        join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'provider_id'
      where c.relkind in ('r', 'p')
        and not (c.relrowsecurity and c.relforcerowsecurity
          and exists (select 1 from pg_policy p where p.polrelid = c.oid))
      order by c.relname
      """;

  /** A row in every tenant table, for one provider. */
  private static final List<String> ROWS =
      List.of(
          """
          insert into provider (id, component_appid, name, status, created_at, version)
          values ($1, 'wx' || $1, 'rls', 'ARCHIVED', now(), 0)
          """,
          """
          insert into component (provider_id, component_appsecret, message_token, encoding_aes_key)
          values ($1, '', '', '')
          """,
          """
          insert into authorizer (provider_id, authorizer_appid, status, mini_program,
            permission_sets, authorized_at, version)
          values ($1, 'wxrls', 'ACTIVE', false, '{46}', now(), 0)
          """,
          "insert into authorizer_token (provider_id, authorizer_appid, bucket) values ($1, 'wxrls', 1)",
          """
          insert into authorization_link (id, provider_id, auth_type, created_at, expires_at)
          values ($1, $1, 1, now(), now())
          """,
          "insert into reconciliation (provider_id, next_reconcile_at) values ($1, 'infinity')",
          """
          insert into code_application (provider_id, authorizer_appid, isv_application_id,
            code_count, state, requested_by, requested_at, progressed_at, bucket)
          values ($1, 'wxrls', 'rls', 10000, 'REJECTED', 'test', now(), now(), 1)
          """,
          """
          insert into code_application_event (id, provider_id, authorizer_appid,
            isv_application_id, at, kind, node)
          values ($1, $1, 'wxrls', 'rls', now(), 'requested', 'test')
          """,
          """
          insert into api_quota (provider_id, authorizer_appid, api, blocked_until)
          values ($1, 'wxrls', 'applycode', now())
          """,
          """
          insert into callback_inbox (id, provider_id, received_at, kind, create_time, body_sha256)
          values ($1, $1, now(), 'authorized', 0, '')
          """,
          """
          insert into idempotency_key (provider_id, id, fingerprint, generation, expires_at)
          values ($1, 'rls', '', 1, now())
          """);

  @Inject AgroalDataSource api;

  @Inject
  @DataSource("worker")
  AgroalDataSource worker;

  @Inject ProviderTransactions transactions;

  @ConfigProperty(name = "quarkus.datasource.jdbc.url")
  String url;

  private final ProviderId mine = ProviderId.next();
  private final ProviderId foreign = ProviderId.next();

  @BeforeEach
  void fillEveryTableForTwoProviders() throws SQLException {
    try (Connection connection = worker.getConnection();
        Statement statement = connection.createStatement()) {
      for (ProviderId provider : List.of(mine, foreign)) {
        for (String row : ROWS) {
          statement.executeUpdate(row.replace("$1", "'" + provider + "'"));
        }
      }
    }
  }

  @Test
  void every_tenant_table_but_the_key_directory_forces_row_level_security() throws SQLException {
    assertThat(strings(api, TENANT_TABLES_WITHOUT_POLICY)).containsExactly("api_key");
  }

  @Test
  void without_a_provider_the_api_sees_no_row_of_any_tenant_table() throws SQLException {
    for (String table : strings(api, TENANT_TABLES)) {
      assertThat(strings(worker, "select 1 from " + table + " limit 1")).as(table).isNotEmpty();
      assertThat(strings(api, "select 1 from " + table)).as(table).isEmpty();
    }
  }

  @Test
  void with_a_provider_it_sees_that_provider_s_rows_and_no_others() throws SQLException {
    for (String table : strings(api, TENANT_TABLES)) {
      assertThat(actingForMine("select distinct provider_id::text from " + table))
          .as(table)
          .containsExactly(mine.toString());
    }
  }

  @Test
  void rows_of_another_provider_are_neither_written_nor_taken_over() throws SQLException {
    assertThat(
            actingForMine(
                "update authorizer set nick_name = 'stolen' where provider_id = '"
                    + foreign
                    + "' returning 'x'"))
        .isEmpty();
    assertThatThrownBy(
            () ->
                actingForMine("update component set provider_id = '" + foreign + "' returning 'x'"))
        .hasMessageContaining("row-level security");
    assertThatThrownBy(
            () ->
                actingForMine(
                    "insert into authorizer_token (provider_id, authorizer_appid, bucket) values ('"
                        + foreign
                        + "', 'wxother', 1) returning 'x'"))
        .hasMessageContaining("row-level security");
  }

  @Test
  void history_can_be_added_to_but_not_changed() {
    assertThatThrownBy(
            () -> actingForMine("update code_application_event set kind = 'x' returning 'x'"))
        .hasMessageContaining("permission denied");
    assertThatThrownBy(() -> strings(worker, "delete from code_application_event returning 'x'"))
        .hasMessageContaining("permission denied");
  }

  @Test
  void a_connection_that_acted_for_a_provider_comes_back_blind() throws SQLException {
    actingForMine("select 'x'");

    assertThat(strings(api, "select 1 from component")).isEmpty();
  }

  @Test
  void a_pool_whose_role_is_not_bound_stops_the_start() throws SQLException {
    for (String role : List.of("postgres", "yima")) {
      try (AgroalDataSource pool = poolOf(role)) {
        assertThatThrownBy(() -> RoleCheck.check(pool, DatabaseRoles.API))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("works as role " + role)
            .hasMessageContaining("deploy/postgresql/roles.sql");
      }
    }
  }

  private AgroalDataSource poolOf(String user) throws SQLException {
    return AgroalDataSource.from(
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(
                pool ->
                    pool.maxSize(1)
                        .connectionFactoryConfiguration(
                            factory ->
                                factory
                                    .jdbcUrl(url)
                                    .principal(new NamePrincipal(user))
                                    .credential(
                                        new SimplePassword(TestDatabase.server().password())))));
  }

  private List<String> actingForMine(String sql) {
    return transactions.withConnection(mine, connection -> strings(connection, sql));
  }

  private static List<String> strings(AgroalDataSource pool, String sql) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return strings(connection, sql);
    }
  }

  private static List<String> strings(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      List<String> strings = new ArrayList<>();
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
      return strings;
    }
  }
}
