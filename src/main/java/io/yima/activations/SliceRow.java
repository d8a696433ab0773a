package io.yima.activations;

import io.yima.codes.Progress.Sync;
import io.yima.database.Columns;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.wechat.CodeBinding;
import io.yima.work.LastError;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads rows of {@code code_activation_slice}, and of {@code code_activation} what is sent. */
final class SliceRow {

  /** What every statement that reads whole slices selects; the table's alias is {@code s}. */
  static final String COLUMNS =
      """
      s.activation_id, s.number, s.code_start, s.code_end, s.state, s.sent_at, s.activated_at,
      s.blocked, s.next_attempt_at, s.generation, s.attempts, s.last_error,
      coalesce(s.lease_until >= now(), false) as leased
      """;

  /** What codes are bound to; the table's alias is {@code v}. */
  static final String BINDING =
      """
      v.activity_name, v.product_brand, v.product_title, v.product_code, v.wxa_appid, v.wxa_path,
      v.wxa_type
      """;

  private SliceRow() {}

  static Slice read(ResultSet row) throws SQLException {
    return new Slice(
        row.getInt("number"),
        new CodeRange(row.getLong("code_start"), row.getLong("code_end")),
        SliceState.valueOf(row.getString("state")),
        Columns.instant(row, "sent_at"),
        Columns.instant(row, "activated_at"),
        new Sync(
            row.getBoolean("blocked"),
            Columns.instant(row, "next_attempt_at"),
            row.getInt("attempts"),
            LastError.parse(row.getString("last_error"))),
        row.getLong("generation"),
        row.getBoolean("leased"));
  }

  static CodeBinding binding(ResultSet row) throws SQLException {
    return new CodeBinding(
        row.getString("activity_name"),
        row.getString("product_brand"),
        row.getString("product_title"),
        row.getString("product_code"),
        row.getString("wxa_appid"),
        row.getString("wxa_path"),
        row.getInt("wxa_type"));
  }
}
