package io.yima.codes;

import io.yima.codes.CodeApplication.Order;
import io.yima.codes.Progress.Reported;
import io.yima.codes.Progress.Sync;
import io.yima.database.Columns;
import io.yima.work.LastError;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads rows of {@code code_application}. */
final class LedgerRow {

  /** What every statement that reads whole rows selects; the table's alias is {@code a}. */
  static final String COLUMNS =
      """
      a.provider_id, a.authorizer_appid, a.isv_application_id, a.code_count, a.label, a.state,
      a.application_id, a.status as reported_status, a.code_generate_list, a.create_time,
      a.update_time, a.requested_by, a.actor, a.requested_at, a.first_sent_at, a.submitted_at,
      a.finished_at, a.progressed_at, a.blocked, a.next_sync_at, a.generation, a.attempts,
      a.last_error, coalesce(a.lease_until >= now(), false) as leased
      """;

  private LedgerRow() {}

  static CodeApplication read(ResultSet row) throws SQLException {
    return new CodeApplication(
        ApplicationKey.read(row),
        order(row),
        progress(row),
        row.getLong("generation"),
        row.getBoolean("leased"));
  }

  private static Order order(ResultSet row) throws SQLException {
    return new Order(
        row.getLong("code_count"),
        row.getString("label"),
        row.getString("requested_by"),
        row.getString("actor"),
        present(Columns.instant(row, "requested_at")));
  }

  private static Progress progress(ResultSet row) throws SQLException {
    return new Progress(
        ApplicationState.valueOf(row.getString("state")),
        row.getObject("application_id", Long.class),
        new Reported(
            row.getString("reported_status"),
            ReadyRanges.read(row.getString("code_generate_list")),
            row.getString("create_time"),
            row.getString("update_time")),
        Columns.instant(row, "first_sent_at"),
        Columns.instant(row, "submitted_at"),
        Columns.instant(row, "finished_at"),
        present(Columns.instant(row, "progressed_at")),
        new Sync(
            row.getBoolean("blocked"),
            Columns.instant(row, "next_sync_at"),
            row.getInt("attempts"),
            LastError.parse(row.getString("last_error"))));
  }

  private static Instant present(@Nullable Instant instant) {
    if (instant == null) {
      throw new IllegalStateException("a column that is never null is null");
    }
    return instant;
  }
}
