package io.yima.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.database.WorkerDatabase;
import io.yima.testsupport.Keys;
import io.yima.testsupport.Metrics;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class BacklogTest {

  private static final String QUOTA = "{\"code\": \"quota_exhausted\"}";

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

  /** Of a table large enough, of which few rows are such, only these are looked at. */
  @Test
  void what_fails_is_found_by_an_index() {
    assertThat(
            plan(
                "select 1 from authorizer_token where attempts > 0 and next_refresh_at is not null"))
        .contains("authorizer_token_failing_idx");
    assertThat(plan("select 1 from authorizer where status = 'REAUTHORIZATION_REQUIRED'"))
        .contains("authorizer_reauthorization_required_idx");
    assertThat(
            plan(
                "select 1 from code_application"
                    + " where next_sync_at is not null and (attempts > 0 or blocked)"))
        .contains("code_application_failing_idx");
    assertThat(plan("select slow_downs from api_quota where blocked_until > now()"))
        .contains("api_quota_blocked_until_idx");
  }

  private String plan(String query) {
    return database.transaction(
        connection -> {
          try (PreparedStatement off =
                  connection.prepareStatement("set local enable_seqscan = off");
              PreparedStatement explain = connection.prepareStatement("explain " + query)) {
            off.execute();
            List<String> lines = new ArrayList<>();
            try (ResultSet row = explain.executeQuery()) {
              while (row.next()) {
                lines.add(row.getString(1));
              }
            }
            return String.join("\n", lines);
          }
        });
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
