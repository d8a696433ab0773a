package io.yima.packages;

import io.yima.codes.ApplicationKey;
import io.yima.database.Columns;
import io.yima.packages.PackageTurn.Result;
import io.yima.secrets.Sealer;
import io.yima.secrets.SecretPlace;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.work.LastError;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The statements that write rows of {@code code_package}. */
final class PackageRecords {

  /** In one order, so that two transactions cannot wait for each other. */
  private static final String WAKE_MERCHANT =
      """
      with waiting as materialized (
        select ctid as place, provider_id, isv_application_id, code_start from code_package
        where provider_id = ? and authorizer_appid = ? and next_attempt_at is not null
        order by isv_application_id, code_start
        for update)
      update code_package c set
        next_attempt_at = ?::timestamptz + w.number * interval '100 milliseconds',
        blocked = false, attempts = 0, generation = c.generation + 1, lease_owner = null,
        lease_until = null
      from (select *, row_number() over (order by isv_application_id, code_start) - 1 as number
          from waiting) w
      where c.ctid = w.place and c.provider_id = w.provider_id
      """;

  /**
   * Those of a merchant that wait for the same thing need not be tried one by one, nor put off by
   * each of those that were tried side by side.
   */
  private static final String PUT_OFF_MERCHANT =
      """
      with waiting as materialized (
        select ctid as place, provider_id from code_package
        where provider_id = ? and authorizer_appid = ? and next_attempt_at is not null
          and not (blocked and next_attempt_at > ?)
          and not exists (select 1 from code_key k
            where k.provider_id = ? and k.authorizer_appid = ? and k.generation > ?)
        order by isv_application_id, code_start
        for update)
      update code_package c set next_attempt_at = ?, blocked = true, last_error = ?::jsonb
      from waiting w
      where c.ctid = w.place and c.provider_id = w.provider_id
      """;

  private static final String BY_CLAIM =
      """

      where c.provider_id = ? and c.authorizer_appid = ? and c.isv_application_id = ?
        and c.code_start = ? and c.generation = ?
        and (c.state = 'PENDING' or c.next_attempt_at is not null)
      """;

  private static final String STORED =
      """
      update code_package c set
        state = 'STORED', next_attempt_at = null, lease_owner = null, lease_until = null,
        blocked = false, attempts = 0, last_error = null, stored_at = ?, byte_count = ?,
        sha256 = ?, data_key = ?, place = ?, chunk_ends = ?"""
          + BY_CLAIM;

  private static final String FAILED =
      """
      update code_package c set
        next_attempt_at = ?, lease_owner = null, lease_until = null, blocked = ?,
        attempts = c.attempts + 1, last_error = ?::jsonb"""
          + BY_CLAIM;

  private static final String PUT_OFF =
      """
      update code_package c set next_attempt_at = ?, lease_owner = null, lease_until = null"""
          + BY_CLAIM;

  private static final String PROVED =
      """
      update code_key k set proved_at = ?
      where k.provider_id = ? and k.authorizer_appid = ? and k.generation = ?
        and k.proved_at is null
      """;

  private static final String DEMAND =
      """
      update code_package c set next_attempt_at = ?::timestamptz
      where c.provider_id = ? and c.authorizer_appid = ? and c.isv_application_id = ?
        and c.code_start <= ? and c.code_end >= ? and c.state = 'PENDING'
        and c.next_attempt_at is null
      """;

  /** Two that store the last two packages side by side must not both miss the other's. */
  private static final String IN_TURN =
      """
      select 1 from code_application
      where provider_id = ? and authorizer_appid = ? and isv_application_id = ?
      for no key update
      """;

  private static final String LEFT =
      """
      select 1 from code_package
      where provider_id = ? and authorizer_appid = ? and isv_application_id = ?
        and state = 'PENDING'
      limit 1
      """;

  private PackageRecords() {}

  /** Has a merchant's packages that wait tried anew, and whoever is at one lose it. */
  static int wakeMerchant(Connection connection, AuthorizerId authorizer, Instant now)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(WAKE_MERCHANT)) {
      update.setObject(bind(update, 1, authorizer), Columns.of(now));
      return update.executeUpdate();
    }
  }

  /** Has packages fetched that hold any of these codes and that nobody wanted before. */
  static int demand(Connection connection, ApplicationKey key, CodeRange codes, Instant now)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(DEMAND)) {
      update.setObject(1, Columns.of(now));
      int next = key.bind(update, 2);
      update.setLong(next, codes.codeEnd());
      update.setLong(next + 1, codes.codeStart());
      return update.executeUpdate();
    }
  }

  /** Whether all packages of the application are stored; whoever asks next waits. */
  static boolean isComplete(Connection connection, ApplicationKey key) throws SQLException {
    return exists(connection, IN_TURN, key) && !exists(connection, LEFT, key);
  }

  private static boolean exists(Connection connection, String query, ApplicationKey key)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(query)) {
      key.bind(select, 1);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next();
      }
    }
  }

  /**
   * Records a turn; false when the row is somebody else's by now.
   *
   * @param place where the content was put; null when there is none
   */
  static boolean write(
      Connection connection, PackageTurn turn, Sealer sealer, @Nullable String place, Instant now)
      throws SQLException {
    return switch (turn.result()) {
      case Result.Fetched(SealedPackage content) ->
          place != null && stored(connection, turn.claimed(), content, sealer, place, now);
      case Result.Failed(LastError error, boolean blocked, Instant next, String _) ->
          failed(connection, turn.claimed(), error, blocked, next);
      case Result.NeedsKey(LastError error, Instant next) -> {
        putOffMerchant(connection, turn.claimed(), error, next, now);
        yield failed(connection, turn.claimed(), error, true, next);
      }
      case Result.PutOff(Instant next, String _) -> putOff(connection, turn.claimed(), next);
    };
  }

  static SecretPlace place(PackageKey key) {
    return new SecretPlace(
        "code_package.data_key",
        key.application().provider().value(),
        key.application().authorizer().authorizerAppid()
            + "\n"
            + key.application().isvApplicationId()
            + "\n"
            + key.codeStart());
  }

  private static boolean stored(
      Connection connection,
      ClaimedPackage claimed,
      SealedPackage content,
      Sealer sealer,
      String place,
      Instant now)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(STORED)) {
      update.setObject(1, Columns.of(now));
      update.setLong(2, content.byteCount());
      update.setBytes(3, HexFormat.of().parseHex(content.sha256()));
      update.setBytes(4, sealer.seal(place(claimed.packageKey()), content.key().secret()));
      update.setString(5, place);
      update.setArray(6, connection.createArrayOf("bigint", content.chunkEnds().toArray()));
      if (!updatesOne(update, 7, claimed)) {
        return false;
      }
    }
    String damaged = claimed.damagedPlace();
    if (DatabaseStore.PLACE.equals(damaged)) {
      DatabaseStore.delete(connection, claimed.packageKey());
    } else if (damaged != null) {
      PackageObjects.left(connection, claimed.application().provider(), damaged, now);
    }
    if (place.equals(DatabaseStore.PLACE)) {
      DatabaseStore.insert(connection, claimed.packageKey(), content.chunks());
    } else if (!PackageObjects.named(connection, claimed.application().provider(), place)) {
      throw new IllegalStateException("the object of a package was given up a day ago");
    }
    proved(connection, claimed, now);
    return true;
  }

  private static void proved(Connection connection, ClaimedPackage claimed, Instant now)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(PROVED)) {
      update.setObject(1, Columns.of(now));
      int next = bind(update, 2, claimed.application().authorizer());
      update.setLong(next, claimed.keyGeneration());
      update.executeUpdate();
    }
  }

  private static boolean failed(
      Connection connection, ClaimedPackage claimed, LastError error, boolean blocked, Instant next)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(FAILED)) {
      update.setObject(1, Columns.of(next));
      update.setBoolean(2, blocked);
      update.setString(3, error.toJson());
      return updatesOne(update, 4, claimed);
    }
  }

  private static boolean putOff(Connection connection, ClaimedPackage claimed, Instant next)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(PUT_OFF)) {
      update.setObject(1, Columns.of(next));
      return updatesOne(update, 2, claimed);
    }
  }

  private static void putOffMerchant(
      Connection connection, ClaimedPackage claimed, LastError error, Instant next, Instant now)
      throws SQLException {
    AuthorizerId authorizer = claimed.application().authorizer();
    try (PreparedStatement update = connection.prepareStatement(PUT_OFF_MERCHANT)) {
      int position = bind(update, 1, authorizer);
      update.setObject(position, Columns.of(now));
      position = bind(update, position + 1, authorizer);
      update.setLong(position, claimed.keyGeneration());
      update.setObject(position + 1, Columns.of(next));
      update.setString(position + 2, error.toJson());
      update.executeUpdate();
    }
  }

  private static boolean updatesOne(PreparedStatement update, int position, ClaimedPackage claimed)
      throws SQLException {
    update.setLong(claimed.packageKey().bind(update, position), claimed.generation());
    return update.executeUpdate() == 1;
  }

  private static int bind(PreparedStatement statement, int position, AuthorizerId authorizer)
      throws SQLException {
    statement.setObject(position, authorizer.provider().value());
    statement.setString(position + 1, authorizer.authorizerAppid());
    return position + 2;
  }
}
