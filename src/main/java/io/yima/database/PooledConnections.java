package io.yima.database;

import io.agroal.api.AgroalPoolInterceptor;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.inject.Default;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.postgresql.jdbc.PgConnection;

/** The connections of both pools, free or in use. */
@Singleton
@Default
@DataSource("worker")
class PooledConnections implements AgroalPoolInterceptor {

  private static final Logger LOG = Logger.getLogger(PooledConnections.class);

  private final Set<PgConnection> connections = ConcurrentHashMap.newKeySet();

  /** Is given a wrapper that ends with this call; the driver's own connection is what lasts. */
  @Override
  public void onConnectionCreate(Connection wrapper) {
    try {
      connections.removeIf(PooledConnections::isClosed);
      connections.add(wrapper.unwrap(PgConnection.class));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Closes their sockets, so that whoever waits for an answer on one gets an exception at once. An
   * orderly close would wait for what it waits for.
   */
  void abort() {
    for (PgConnection connection : connections) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        // The others are to be closed all the same.
        LOG.debug("A connection could not be closed", e);
      }
    }
  }

  private static boolean isClosed(PgConnection connection) {
    try {
      return connection.isClosed();
    } catch (SQLException e) {
      return true;
    }
  }
}
