package io.yima.provider;

import io.yima.database.WorkerDatabase;
import io.yima.secrets.Sealer;
import io.yima.work.BatchRecorder;
import io.yima.work.WorkFigures;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes component tokens back. Platforms are few, so a statement each will do; the batch is for
 * its patience with a database that is away while WeChat has already made the former token void.
 */
@ApplicationScoped
class TokenRecorder {

  private static final String FETCHED =
      """
      update component
      set access_token = ?, access_token_expires_at = ?, refreshed_at = ?, next_refresh_at = ?,
        attempts = 0, last_error = null, lease_owner = null, lease_until = null
      where provider_id = ? and generation = ?
      """;

  private static final String NOT_FETCHED =
      """
      update component
      set next_refresh_at = ?, attempts = attempts + 1, last_error = ?::jsonb,
        lease_owner = null, lease_until = null
      where provider_id = ? and generation = ?
      """;

  private final WorkerDatabase database;
  private final Sealer sealer;
  private final BatchRecorder<TokenRecord> recorder;

  TokenRecorder(WorkerDatabase database, Sealer sealer, WorkFigures figures) {
    this.database = database;
    this.sealer = sealer;
    this.recorder = new BatchRecorder<>(ComponentTokenWork.KIND, figures, this::write);
    recorder.start();
  }

  @PreDestroy
  void stop() {
    recorder.stop();
  }

  /** True when the row was still the claimant's; false when nothing was written. */
  boolean record(TokenRecord outcome) {
    return recorder.record(outcome);
  }

  private Set<TokenRecord> write(List<TokenRecord> outcomes) {
    return database.transaction(
        connection -> {
          Set<TokenRecord> written = new HashSet<>();
          for (TokenRecord outcome : outcomes) {
            if (write(connection, outcome) == 1) {
              written.add(outcome);
            }
          }
          return written;
        });
  }

  private int write(Connection connection, TokenRecord outcome) throws SQLException {
    return switch (outcome) {
      case TokenRecord.Fetched fetched -> write(connection, fetched);
      case TokenRecord.NotFetched notFetched -> write(connection, notFetched);
    };
  }

  private int write(Connection connection, TokenRecord.Fetched fetched) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(FETCHED)) {
      update.setBytes(
          1, sealer.seal(ComponentPlaces.accessToken(fetched.provider()), fetched.token()));
      update.setObject(2, ComponentRows.at(fetched.expiresAt()));
      update.setObject(3, ComponentRows.at(fetched.refreshedAt()));
      update.setObject(4, ComponentRows.at(fetched.nextRefreshAt()));
      update.setObject(5, fetched.provider().value());
      update.setLong(6, fetched.generation());
      return update.executeUpdate();
    }
  }

  private int write(Connection connection, TokenRecord.NotFetched failed) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(NOT_FETCHED)) {
      update.setObject(1, ComponentRows.at(failed.nextRefreshAt()));
      update.setString(2, failed.lastError().toJson());
      update.setObject(3, failed.provider().value());
      update.setLong(4, failed.generation());
      return update.executeUpdate();
    }
  }
}
