package io.yima.packages;

import io.yima.authorizer.AuthorizerStanding;
import io.yima.authorizer.AuthorizerStatus;
import io.yima.codes.ApplicationKey;
import io.yima.database.Columns;
import io.yima.packages.ClaimedPackage.SealedCodeKey;
import io.yima.quota.ApiQuotas;
import io.yima.quota.Grant;
import io.yima.quota.ShanghaiDay;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.work.LastError;
import io.yima.work.Lease;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements that take packages under a lease, and give leases back. */
final class PackageClaims {

  /**
   * What is longest due: the packages of an application fall due one after the other, so that a
   * large one does not stand before all that come after it. A call is counted for those alone that
   * have a key. A claim changes no indexed column, so it stays a HOT update.
   */
  private static final String CLAIM =
      """
      with due as materialized (
        select c.ctid as place, c.provider_id, c.authorizer_appid, c.isv_application_id
        from code_package c
        where c.next_attempt_at <= ? and (c.lease_until is null or c.lease_until < now())
        order by c.next_attempt_at limit ?
        for update skip locked),
      as_of as materialized (
        select ?::timestamptz as now, ?::date as day, true as background, 1.0 as share),
      standing as materialized (
        select due.*, a.application_id, p.status = 'ARCHIVED' as archived,
          m.status as authorizer_status,
          coalesce(? = any(m.permission_sets), false) as marketing_code_set,
          k.code_key, k.generation as key_generation, k.proved_at is not null as proved
        from due
          join provider p on p.id = due.provider_id
          join authorizer m
            on m.provider_id = due.provider_id and m.authorizer_appid = due.authorizer_appid
          join code_application a
            on a.provider_id = due.provider_id and a.authorizer_appid = due.authorizer_appid
            and a.isv_application_id = due.isv_application_id
          left join code_key k
            on k.provider_id = due.provider_id and k.authorizer_appid = due.authorizer_appid),
      wanted as materialized (
        select standing.*, 'applycodedownload' as api,
          row_number() over (partition by provider_id, authorizer_appid) as number
        from standing where code_key is not null),
      """
          + ApiQuotas.COUNTED
          + """
      update code_package c set
        generation = c.generation + 1, lease_owner = ?, lease_until = now() + ?::interval
      from standing s
        left join wanted w on w.place = s.place
        left join counted q
          on q.provider_id = s.provider_id and q.authorizer_appid = s.authorizer_appid
          and q.api = w.api
      where c.ctid = s.place and c.provider_id = s.provider_id
      returning c.provider_id, c.authorizer_appid, c.isv_application_id, c.code_start, c.code_end,
        c.generation, c.attempts, c.last_error, s.application_id, s.archived, s.authorizer_status,
        s.marketing_code_set, s.code_key, s.key_generation, s.proved,
        coalesce(w.number <= q.granted, false) as granted, q.blocked_until,
        coalesce(q.slow_downs, 0) as slow_downs
      """;

  private static final String GIVE_BACK =
      """
      update code_package set lease_owner = null, lease_until = null
      where lease_owner = ? and lease_until > now() and next_attempt_at is not null
      """;

  private PackageClaims() {}

  /** Claims what is due and counts the calls: for the worker's pool. */
  static List<ClaimedPackage> due(
      Connection connection, Instant now, int limit, String holder, Lease lease)
      throws SQLException {
    try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
      claim.setObject(1, Columns.of(now));
      claim.setInt(2, limit);
      claim.setObject(3, Columns.of(now));
      claim.setObject(4, ShanghaiDay.of(now));
      claim.setInt(5, AuthorizerStanding.MARKETING_CODE_SET);
      claim.setString(6, holder);
      claim.setString(7, lease.interval());
      List<ClaimedPackage> claimed = new ArrayList<>();
      try (ResultSet rows = claim.executeQuery()) {
        while (rows.next()) {
          claimed.add(claimed(rows, now));
        }
      }
      return claimed;
    }
  }

  static int giveBack(Connection connection, String holder) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(GIVE_BACK)) {
      update.setString(1, holder);
      return update.executeUpdate();
    }
  }

  private static ClaimedPackage claimed(ResultSet row, Instant now) throws SQLException {
    CodeRange range = new CodeRange(row.getLong("code_start"), row.getLong("code_end"));
    return new ClaimedPackage(
        new PackageKey(ApplicationKey.read(row), range.codeStart()),
        range,
        row.getLong("generation"),
        row.getInt("attempts"),
        LastError.parse(row.getString("last_error")),
        row.getLong("application_id"),
        key(row),
        row.getBoolean("archived"),
        AuthorizerStatus.valueOf(row.getString("authorizer_status")),
        row.getBoolean("marketing_code_set"),
        Grant.read(row, now));
  }

  private static @Nullable SealedCodeKey key(ResultSet row) throws SQLException {
    byte[] sealed = row.getBytes("code_key");
    return sealed == null
        ? null
        : new SealedCodeKey(
            ByteBuffer.wrap(sealed), row.getLong("key_generation"), row.getBoolean("proved"));
  }
}
