package io.yima.packages;

import io.yima.codes.ApplicationKey;
import io.yima.database.Columns;
import io.yima.packages.PackageState.Stored;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.work.LastError;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds packages of one application. */
final class PackageSearch {

  private static final String COLUMNS =
      """
      select provider_id, authorizer_appid, isv_application_id, code_start, code_end,
        next_attempt_at, attempts, last_error, stored_at, byte_count, sha256, data_key, place,
        chunk_ends
      from code_package
      where provider_id = ? and authorizer_appid = ? and isv_application_id = ?
      """;

  private static final String WITHIN =
      COLUMNS + "  and code_start <= ? and code_end >= ? order by code_start";

  private static final String PAGE = COLUMNS + "  and code_start > ? order by code_start limit ?";

  private PackageSearch() {}

  /** Those that hold any of these codes, in order. */
  static List<PackageState> within(Connection connection, ApplicationKey key, CodeRange codes)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(WITHIN)) {
      int next = key.bind(select, 1);
      select.setLong(next, codes.codeEnd());
      select.setLong(next + 1, codes.codeStart());
      try (ResultSet rows = select.executeQuery()) {
        return read(rows);
      }
    }
  }

  /** A page of all in one query, from behind the one that begins there. */
  static List<PackageState> page(
      ProviderTransactions transactions, ApplicationKey key, long after, int limit) {
    return transactions.query(
        key.provider(),
        PAGE,
        (query, first) -> {
          int next = key.bind(query, first);
          query.setLong(next, after);
          query.setInt(next + 1, limit);
        },
        PackageSearch::read);
  }

  private static List<PackageState> read(ResultSet rows) throws SQLException {
    List<PackageState> packages = new ArrayList<>();
    while (rows.next()) {
      CodeRange range = new CodeRange(rows.getLong("code_start"), rows.getLong("code_end"));
      packages.add(
          new PackageState(
              range,
              Columns.instant(rows, "next_attempt_at"),
              rows.getInt("attempts"),
              LastError.parse(rows.getString("last_error")),
              stored(rows, range)));
    }
    return packages;
  }

  private static @Nullable Stored stored(ResultSet row, CodeRange range) throws SQLException {
    Instant storedAt = Columns.instant(row, "stored_at");
    if (storedAt == null) {
      return null;
    }
    StoredPackage content =
        new StoredPackage(
            new PackageKey(ApplicationKey.read(row), range.codeStart()),
            range,
            ByteBuffer.wrap(row.getBytes("data_key")),
            row.getString("place"),
            List.of((Long[]) row.getArray("chunk_ends").getArray()));
    return new Stored(
        content,
        storedAt,
        row.getLong("byte_count"),
        HexFormat.of().formatHex(row.getBytes("sha256")));
  }
}
