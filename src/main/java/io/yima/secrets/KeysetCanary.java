package io.yima.secrets;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Stops the start when the keyset is not the one this database was filled with, before anything is
 * sealed with a second keyset by mistake.
 */
@ApplicationScoped
class KeysetCanary {

  private static final SecretPlace PLACE = new SecretPlace("keyset.canary", new UUID(0, 0), "");
  private static final Secret SONG = Secret.of("the keyset is the right one");

  private final AgroalDataSource worker;
  private final Sealer sealer;

  KeysetCanary(@DataSource("worker") AgroalDataSource worker, Sealer sealer) {
    this.worker = worker;
    this.sealer = sealer;
  }

  void check(@Observes @Priority(10) StartupEvent started) throws SQLException {
    try (Connection connection = worker.getConnection()) {
      try (PreparedStatement insert =
          connection.prepareStatement(
              "insert into keyset_canary (id, sealed) values (1, ?) on conflict do nothing")) {
        insert.setBytes(1, sealer.seal(PLACE, SONG));
        insert.executeUpdate();
      }
      try (PreparedStatement select =
              connection.prepareStatement("select sealed from keyset_canary where id = 1");
          ResultSet row = select.executeQuery()) {
        row.next();
        sealer.open(PLACE, row.getBytes(1));
      }
    } catch (UnsealFailed e) {
      throw new IllegalStateException(
          "YIMA_MASTER_KEYSET is not the keyset that sealed this database. Start with the former"
              + " keyset, or add its keys to the new one.",
          e);
    }
  }
}
