package io.yima.readiness;

import io.yima.database.Columns;
import io.yima.readiness.ReadinessFacts.CodeKeyEvidence;
import io.yima.readiness.ReadinessFacts.FeatureEvidence;
import io.yima.tenancy.AuthorizerId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The statements that read what is stored of a merchant besides its account. */
final class ReadinessRows {

  /**
   * Of applications a hundred will do: whoever orders more often than WeChat refuses has its latest
   * answers here. What waits for WeChat of packages and activations is looked at as well, and what
   * was stored or bound of those that were ordered last; look-ups and what passed the gateway have
   * left their trace beside their quota.
   */
  private static final String EVIDENCE =
      """
      with latest as materialized (
        select provider_id, authorizer_appid, isv_application_id, requested_at, application_id,
          submitted_at, finished_at, last_error
        from code_application
        where provider_id = ? and authorizer_appid = ?
        order by requested_at desc limit 100),
      newest as materialized (
        select provider_id, authorizer_appid, isv_application_id from latest
        order by requested_at desc limit 10),
      served as (
        select max(greatest(submitted_at, finished_at)) as at from latest
        union all
        select max(p.stored_at) from newest n
          join code_package p using (provider_id, authorizer_appid, isv_application_id)
        union all
        select max(s.activated_at) from newest n
          join code_activation_slice s using (provider_id, authorizer_appid, isv_application_id)
        union all
        select max(served_at) from api_quota where provider_id = ? and authorizer_appid = ?),
      refusals as (
        select (last_error ->> 'at')::timestamptz as at, last_error ->> 'errmsg' as errmsg
        from latest where last_error ->> 'errcode' = '48001'
        union all
        select (last_error ->> 'at')::timestamptz, last_error ->> 'errmsg'
        from code_package
        where provider_id = ? and authorizer_appid = ? and next_attempt_at is not null
          and last_error ->> 'errcode' = '48001'
        union all
        select (last_error ->> 'at')::timestamptz, last_error ->> 'errmsg'
        from code_activation_slice
        where provider_id = ? and authorizer_appid = ? and next_attempt_at is not null
          and last_error ->> 'errcode' = '48001'
        union all
        select refused_at, refusal from api_quota
        where provider_id = ? and authorizer_appid = ? and refused_at is not null)
      select
        (select max(at) from refusals) as refused_at,
        (select errmsg from refusals order by at desc limit 1) as refusal,
        (select max(at) from served) as served_at,
        (select application_id from latest where application_id is not null
          order by submitted_at desc limit 1) as application_id
      """;

  /** How often it names the merchant. */
  private static final int EVIDENCE_PARTS = 5;

  /** A package that a former key did not open says nothing about this one. */
  private static final String CODE_KEY =
      """
      select proved_at,
        (select max((last_error ->> 'at')::timestamptz) from code_package
          where provider_id = ? and authorizer_appid = ? and next_attempt_at is not null
            and last_error ->> 'code' = 'code_key_invalid'
            and (last_error ->> 'at')::timestamptz >= k.set_at) as refused_at
      from code_key k where provider_id = ? and authorizer_appid = ?
      """;

  private ReadinessRows() {}

  static CodeKeyEvidence codeKey(Connection connection, AuthorizerId merchant) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(CODE_KEY)) {
      bind(select, bind(select, 1, merchant), merchant);
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? new CodeKeyEvidence(
                true, Columns.instant(row, "proved_at"), Columns.instant(row, "refused_at"))
            : new CodeKeyEvidence(false, null, null);
      }
    }
  }

  static FeatureEvidence evidence(Connection connection, AuthorizerId merchant)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(EVIDENCE)) {
      int next = 1;
      for (int part = 0; part < EVIDENCE_PARTS; part++) {
        next = bind(select, next, merchant);
      }
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return new FeatureEvidence(
            Columns.instant(row, "refused_at"),
            row.getString("refusal"),
            Columns.instant(row, "served_at"),
            row.getObject("application_id", Long.class));
      }
    }
  }

  /** Gives the position behind. */
  private static int bind(PreparedStatement statement, int position, AuthorizerId merchant)
      throws SQLException {
    statement.setObject(position, merchant.provider().value());
    statement.setString(position + 1, merchant.authorizerAppid());
    return position + 2;
  }
}
