package io.yima.work;

import io.yima.database.WorkerDatabase;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Deletes what is old from a tenants' table: provider by provider, so many rows in a transaction.
 * Every node may do it at once; rows that one deletes are gone for the others.
 */
public final class TenantPurge {

  private static final int BATCH = 1_000;
  private static final String PROVIDERS = "select id from provider";

  private final WorkerDatabase database;
  private final String delete;
  private final List<UUID> besides;

  /**
   * @param delete a statement whose parameters are the provider, the provider again, the instant
   *     before which rows are old, and how many to delete at most
   * @param besides ids that the table has in the place of a provider's and that are none
   */
  public TenantPurge(WorkerDatabase database, String delete, UUID... besides) {
    this.database = database;
    this.delete = delete;
    this.besides = List.of(besides);
  }

  /** Returns how many rows there were. */
  public int deleteBefore(Instant instant) {
    int deleted = 0;
    for (UUID provider : providers()) {
      int batch = BATCH;
      while (batch == BATCH) {
        batch = deleteBatch(provider, instant);
        deleted += batch;
      }
    }
    return deleted;
  }

  private int deleteBatch(UUID provider, Instant instant) {
    return database.transaction(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(delete)) {
            statement.setObject(1, provider);
            statement.setObject(2, provider);
            statement.setObject(3, instant.atOffset(ZoneOffset.UTC));
            statement.setInt(4, BATCH);
            return statement.executeUpdate();
          }
        });
  }

  private List<UUID> providers() {
    return database.transaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(PROVIDERS);
              ResultSet row = select.executeQuery()) {
            List<UUID> providers = new ArrayList<>(besides);
            while (row.next()) {
              providers.add(row.getObject(1, UUID.class));
            }
            return providers;
          }
        });
  }
}
