package io.yima.packages;

import io.yima.codes.ApplicationKey;
import io.yima.database.Columns;
import io.yima.packages.ClaimedPackage.SealedCodeKey;
import io.yima.quota.ClaimedCalls;
import io.yima.quota.Clearance;
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
      with free as materialized (
        select c.ctid as place, c.provider_id, c.authorizer_appid, c.isv_application_id
        from code_package c
        where c.next_attempt_at <= ? and (c.lease_until is null or c.lease_until < now())
        order by c.next_attempt_at limit ?
        for update skip locked),
      due as materialized (
        select free.*, a.application_id, k.code_key, k.generation as key_generation,
          k.proved_at is not null as proved,
          case when k.code_key is not null then 'applycodedownload' end as api
        from free
          join code_application a
            on a.provider_id = free.provider_id and a.authorizer_appid = free.authorizer_appid
            and a.isv_application_id = free.isv_application_id
          left join code_key k
            on k.provider_id = free.provider_id and k.authorizer_appid = free.authorizer_appid)
      """
          + ClaimedCalls.COUNTED
          + """
      update code_package c set
        generation = c.generation + 1, lease_owner = ?, lease_until = now() + ?::interval
      from wanted
      """
          + ClaimedCalls.WITH_COUNTS
          + """
      where c.ctid = wanted.place and c.provider_id = wanted.provider_id
      returning c.provider_id, c.authorizer_appid, c.isv_application_id, c.code_start, c.code_end,
        c.generation, c.attempts, c.last_error, c.place, wanted.application_id,
        wanted.code_key, wanted.key_generation, wanted.proved,
      """
          + ClaimedCalls.CLEARANCE;

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
      int next = ClaimedCalls.bind(claim, 3, now, true, 1);
      claim.setString(next, holder);
      claim.setString(next + 1, lease.interval());
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
        row.getString("place"),
        row.getLong("application_id"),
        key(row),
        Clearance.read(row, now));
  }

  private static @Nullable SealedCodeKey key(ResultSet row) throws SQLException {
    byte[] sealed = row.getBytes("code_key");
    return sealed == null
        ? null
        : new SealedCodeKey(
            ByteBuffer.wrap(sealed), row.getLong("key_generation"), row.getBoolean("proved"));
  }
}
