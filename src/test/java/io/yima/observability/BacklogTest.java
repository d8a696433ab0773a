package io.yima.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.database.EmbeddedPostgres;
import io.yima.database.WorkerDatabase;
import io.yima.testsupport.Keys;
import io.yima.testsupport.Metrics;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.TestDatabase;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class BacklogTest {

  private static final String QUOTA = "{\"code\": \"quota_exhausted\"}";

  private static final String TABLES =
      "authorizer, authorizer_token, code_application, code_activation_slice, api_quota";

  /** Rows of nobody, in a transaction that is rolled back. */
  private static final List<String> MANY_THAT_ARE_WELL =
      List.of(
          "set local session_replication_role = replica",
          """
          insert into authorizer (provider_id, authorizer_appid, status, mini_program,
            permission_sets, authorized_at, version)
          select gen_random_uuid(), 'wx' || n, 'ACTIVE', false, '{1,46}', now(), 0
          from generate_series(1, 20000) n
          """,
          """
          insert into authorizer_token (provider_id, authorizer_appid, next_refresh_at, bucket)
          select gen_random_uuid(), 'wx' || n, '2999-01-01', 0 from generate_series(1, 20000) n
          """,
          """
          insert into code_application (provider_id, authorizer_appid, isv_application_id,
            code_count, state, application_id, requested_by, requested_at, progressed_at,
            next_sync_at, bucket)
          select gen_random_uuid(), 'wx' || n, 'order', 10000, 'SUBMITTED', n, 'test', now(), now(),
            '2999-01-01', 0
          from generate_series(1, 20000) n
          """,
          """
          insert into code_activation_slice (provider_id, activation_id, number, authorizer_appid,
            isv_application_id, code_start, code_end, state, next_attempt_at)
          select gen_random_uuid(), gen_random_uuid(), 0, 'wx' || n, 'order', 0, 9, 'ACTIVATING',
            '2999-01-01'
          from generate_series(1, 20000) n
          """,
          """
          insert into api_quota (provider_id, authorizer_appid, api)
          select gen_random_uuid(), 'wx' || n, 'applycode' from generate_series(1, 20000) n
          """,
          "analyze " + TABLES);

  @Inject Backlog backlog;
  @Inject Keys keys;
  @Inject WorkerDatabase database;
  @Inject SettableClock clock;

  private String componentAppid;
  private int merchants;

  @BeforeEach
  void register() {
    // Rows below are placed by the database's time, and another test may have left the clock ahead.
    clock.reset();
    componentAppid = keys.newProvider();
  }

  @Test
  void every_token_that_waits_is_counted_under_the_reason_why() {
    String before = sample();

    token("ACTIVE", "now() - interval '1 second'", "null", 0, null);
    token("ACTIVE", "now() - interval '1 second'", "now() - interval '1 second'", 2, null);
    token("ACTIVE", "now() - interval '1 second'", "now() + interval '30 seconds'", 0, null);
    token("ACTIVE", "now() + interval '1 minute'", "null", 3, "{\"code\": \"unavailable\"}");
    token("ACTIVE", "now() + interval '9 hours'", "null", 1, QUOTA);
    token("ACTIVE", "now() + interval '1 hour'", "null", 0, null);
    token("REAUTHORIZATION_REQUIRED", "null", "null", 0, null);

    String after = sample();
    assertThat(grown(before, after, "due")).isEqualTo(2);
    assertThat(grown(before, after, "leased")).isEqualTo(1);
    assertThat(grown(before, after, "backing_off")).isEqualTo(1);
    assertThat(grown(before, after, "parked")).isEqualTo(1);
    assertThat(grown(before, after, "reauthorization_required")).isEqualTo(1);
    assertThat(Metrics.value(after, "yima_backlog_tokens"))
        .isEqualTo(Metrics.value(before, "yima_backlog_tokens") + 3);
    assertThat(Metrics.value(after, "yima_tokens_failing"))
        .isEqualTo(Metrics.value(before, "yima_tokens_failing") + 3);
    assertThat(after).doesNotContain(componentAppid);
  }

  /** Of tables large enough, of which few rows are such, only these are looked at. */
  @Test
  void what_fails_is_found_by_an_index() throws Exception {
    EmbeddedPostgres server = TestDatabase.server();
    try (Connection superuser =
        DriverManager.getConnection(server.jdbcUrl(), "postgres", server.password())) {
      superuser.setAutoCommit(false);
      for (String statement : MANY_THAT_ARE_WELL) {
        execute(superuser, statement);
      }

      assertThat(
              plan(
                  superuser,
                  "select 1 from authorizer_token where attempts > 0 and next_refresh_at is not null"))
          .contains("authorizer_token_failing_idx");
      assertThat(
              plan(superuser, "select 1 from authorizer where status = 'REAUTHORIZATION_REQUIRED'"))
          .contains("authorizer_reauthorization_required_idx");
      assertThat(
              plan(
                  superuser,
                  "select 1 from code_application"
                      + " where next_sync_at is not null and (attempts > 0 or blocked)"))
          .contains("code_application_failing_idx");
      assertThat(
              plan(
                  superuser,
                  "select 1 from code_activation_slice"
                      + " where next_attempt_at is not null and (attempts > 0 or blocked)"))
          .contains("code_activation_slice_failing_idx");
      assertThat(plan(superuser, "select slow_downs from api_quota where blocked_until > now()"))
          .contains("api_quota_blocked_until_idx");
      superuser.rollback();
      superuser.setAutoCommit(true);
      execute(superuser, "vacuum (analyze) " + TABLES);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String plan(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("explain " + query)) {
      List<String> lines = new ArrayList<>();
      while (row.next()) {
        lines.add(row.getString(1));
      }
      return String.join("\n", lines);
    }
  }

  private String sample() {
    backlog.sample();
    return Metrics.scrape();
  }

  private static double grown(String before, String after, String reason) {
    String series = "yima_backlog{kind=\"token-refresh\",reason=\"" + reason + "\"}";
    return Metrics.value(after, series) - Metrics.value(before, series);
  }

  private void token(
      String status, String due, String leaseUntil, int attempts, @Nullable String error) {
    String appid = "wxbacklog" + componentAppid.hashCode() + "-" + merchants++;
    run(
        """
        insert into authorizer (provider_id, authorizer_appid, status, mini_program,
          permission_sets, authorized_at, version)
        select id, ?, ?, false, '{1,46}', now(), 0 from provider where component_appid = ?
        """,
        appid,
        status,
        componentAppid);
    run(
        """
        insert into authorizer_token (provider_id, authorizer_appid, next_refresh_at, lease_until,
          attempts, last_error, bucket)
        select id, ?, %s, %s, ?, ?::jsonb, 0 from provider where component_appid = ?
        """
            .formatted(due, leaseUntil),
        appid,
        attempts,
        error,
        componentAppid);
  }

  private void run(String sql, @Nullable Object... parameters) {
    database.transaction(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
              statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
          }
        });
  }
}
