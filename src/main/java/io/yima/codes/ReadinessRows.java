package io.yima.codes;

import io.yima.codes.ReadinessFacts.FeatureEvidence;
import io.yima.tenancy.AuthorizerId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The statement that reads what a merchant's latest applications tell. */
final class ReadinessRows {

  /**
   * A hundred will do: whoever orders more often than WeChat refuses has its latest answers here.
   */
  private static final String EVIDENCE =
      """
      with latest as materialized (
        select application_id, submitted_at, finished_at, last_error from code_application
        where provider_id = ? and authorizer_appid = ?
        order by requested_at desc limit 100),
      refusals as (
        select (last_error ->> 'at')::timestamptz as at, last_error ->> 'errmsg' as errmsg
        from latest where last_error ->> 'errcode' = '48001')
      select
        (select max(at) from refusals) as refused_at,
        (select errmsg from refusals order by at desc limit 1) as refusal,
        (select max(greatest(submitted_at, finished_at)) from latest) as served_at,
        (select application_id from latest where application_id is not null
          order by submitted_at desc limit 1) as application_id
      """;

  private ReadinessRows() {}

  static FeatureEvidence evidence(Connection connection, AuthorizerId merchant)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(EVIDENCE)) {
      select.setObject(1, merchant.provider().value());
      select.setString(2, merchant.authorizerAppid());
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return new FeatureEvidence(
            LedgerRow.instant(row, "refused_at"),
            row.getString("refusal"),
            LedgerRow.instant(row, "served_at"),
            row.getObject("application_id", Long.class));
      }
    }
  }
}
