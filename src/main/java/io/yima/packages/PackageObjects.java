package io.yima.packages;

import io.yima.database.Columns;
import io.yima.tenancy.ProviderId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The statements that know of objects in a directory or bucket which no package names: not yet, not
 * any more, or never since a node died.
 */
final class PackageObjects {

  /**
   * Longer than anybody is at a package, however long a node was paused, and than anybody reads
   * what another object took the place of.
   */
  static final Duration KEPT = Duration.ofDays(1);

  /** Before it is put, and only by who has the package's lease. */
  private static final String INTEND =
      """
      insert into code_package_object (provider_id, place, delete_at)
      select c.provider_id, ?, ?::timestamptz from code_package c
      where c.provider_id = ? and c.authorizer_appid = ? and c.isv_application_id = ?
        and c.code_start = ? and c.generation = ?
        and (c.state = 'PENDING' or c.next_attempt_at is not null)
      on conflict on constraint code_package_object_pkey do nothing
      """;

  private static final String NAMED =
      """
      delete from code_package_object where provider_id = ? and place = ? and not doomed
      """;

  private static final String LEFT =
      """
      insert into code_package_object (provider_id, place, delete_at) values (?, ?, ?)
      on conflict on constraint code_package_object_pkey do nothing
      """;

  /** From here on no package comes to name it; who dies at it leaves it to who comes later. */
  private static final String DOOM =
      """
      with due as materialized (
        select ctid as place, provider_id from code_package_object
        where delete_at <= ?
        order by delete_at limit ?
        for update skip locked)
      update code_package_object o set doomed = true, delete_at = ?
      from due where o.ctid = due.place and o.provider_id = due.provider_id
      returning o.provider_id, o.place
      """;

  private static final String DELETED =
      """
      delete from code_package_object where provider_id = ? and place = ? and doomed
      """;

  private PackageObjects() {}

  /** An object that nobody needs. */
  record Left(ProviderId provider, String place) {}

  /** Notes that an object is about to be put; false when the package is somebody else's by now. */
  static boolean intend(Connection connection, ClaimedPackage claimed, String place, Instant now)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INTEND)) {
      insert.setString(1, place);
      insert.setObject(2, Columns.of(now.plus(KEPT)));
      insert.setLong(claimed.packageKey().bind(insert, 3), claimed.generation());
      return insert.executeUpdate() == 1;
    }
  }

  /** In the transaction that names it; false when it may be deleted at any moment. */
  static boolean named(Connection connection, ProviderId provider, String place)
      throws SQLException {
    return delete(connection, NAMED, provider, place) == 1;
  }

  /** In the transaction that names another in its place. */
  static int left(Connection connection, ProviderId provider, String place, Instant now)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(LEFT)) {
      insert.setObject(1, provider.value());
      insert.setString(2, place);
      insert.setObject(3, Columns.of(now.plus(KEPT)));
      return insert.executeUpdate();
    }
  }

  /** Takes objects that nobody needs, until then: who could not delete them tries again. */
  static List<Left> doom(Connection connection, int limit, Instant now, Instant until)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(DOOM)) {
      update.setObject(1, Columns.of(now));
      update.setInt(2, limit);
      update.setObject(3, Columns.of(until));
      List<Left> left = new ArrayList<>();
      try (ResultSet row = update.executeQuery()) {
        while (row.next()) {
          left.add(
              new Left(
                  new ProviderId(row.getObject("provider_id", UUID.class)),
                  row.getString("place")));
        }
      }
      return left;
    }
  }

  /** It is not there any more. */
  static int deleted(Connection connection, Left object) throws SQLException {
    return delete(connection, DELETED, object.provider(), object.place());
  }

  private static int delete(
      Connection connection, String statement, ProviderId provider, String place)
      throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(statement)) {
      delete.setObject(1, provider.value());
      delete.setString(2, place);
      return delete.executeUpdate();
    }
  }
}
