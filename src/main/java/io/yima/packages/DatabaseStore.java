package io.yima.packages;

import io.yima.tenancy.ProviderTransactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Keeps chunks in PostgreSQL: one backup has all, and they come and go with the row that names
 * them.
 */
final class DatabaseStore implements CodeStore {

  static final String PLACE = "database";

  private static final String INSERT =
      """
      insert into code_package_chunk
        (provider_id, authorizer_appid, isv_application_id, code_start, number, content)
      values (?, ?, ?, ?, ?, ?)
      """;

  private static final String DELETE =
      """
      delete from code_package_chunk
      where provider_id = ? and authorizer_appid = ? and isv_application_id = ? and code_start = ?
      """;

  private static final String READ =
      """
      select content from code_package_chunk
      where provider_id = ? and authorizer_appid = ? and isv_application_id = ?
        and code_start = ? and number = ?
      """;

  private final ProviderTransactions transactions;

  DatabaseStore(ProviderTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public boolean has(String place) {
    return place.equals(PLACE);
  }

  /** Nothing yet: they are inserted with the row's update, see {@link #insert}. */
  @Override
  public String put(PackageKey key, long generation, List<byte[]> chunks) {
    return PLACE;
  }

  @Override
  public String place(PackageKey key, long generation) {
    return PLACE;
  }

  /** Makes room for others, in the transaction that stores those. */
  static void delete(Connection connection, PackageKey key) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
      key.bind(delete, 1);
      delete.executeUpdate();
    }
  }

  /** In the transaction that says that the package is stored. */
  static void insert(Connection connection, PackageKey key, List<byte[]> chunks)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (int number = 0; number < chunks.size(); number++) {
        int next = key.bind(insert, 1);
        insert.setInt(next, number);
        insert.setBytes(next + 1, chunks.get(number));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** One short statement for each chunk: a reader who pauses holds no connection. */
  @Override
  public byte[] read(StoredPackage stored, int number) {
    return transactions.query(
        stored.key().application().provider(),
        READ,
        (query, first) -> query.setInt(stored.key().bind(query, first), number),
        rows -> {
          byte[] content = rows.next() ? rows.getBytes(1) : null;
          if (content == null) {
            throw new CodePackageDamaged("chunk " + number + " of a package is missing", null);
          }
          return content;
        });
  }

  /** What was not committed is not there. */
  @Override
  public void discard(String place) {}
}
