package io.yima.tenancy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.yima.database.DatabaseFailed;
import io.yima.database.DatabaseWatch;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Lets one provider have two fifths of the API's connections at once and no more: three tenths for
 * its transactions, and one for finding out whom a push or a page is for. Whatever it does, the
 * others find some free. Who has to wait for a connection of a pool waits long and is not served in
 * turn; who has to wait here is.
 */
@ApplicationScoped
public class ConnectionShares {

  private static final Duration PATIENCE = Duration.ofMillis(1_500);

  /** SQLSTATE too_many_connections. */
  private static final String TOO_MANY = "53300";

  private final DatabaseWatch watch;
  private final Shares<ProviderId> transactions;
  private final Shares<String> lookUps;

  ConnectionShares(
      @ConfigProperty(name = "quarkus.datasource.jdbc.max-size") int connections,
      DatabaseWatch watch) {
    this.watch = watch;
    this.transactions = new Shares<>(Math.max(1, connections * 3 / 10));
    this.lookUps = new Shares<>(Math.max(1, connections / 10));
  }

  /** Kept as long as somebody holds a part of one: they are asked for by names from outside. */
  private static final class Shares<K> {

    private final int size;
    private final Cache<K, Semaphore> shares = Caffeine.newBuilder().weakValues().build();

    private Shares(int size) {
      this.size = size;
    }

    private Semaphore of(K whose) {
      return shares.get(whose, unknown -> new Semaphore(size, true));
    }
  }

  /**
   * Runs a transaction of a provider. Throws {@link DatabaseFailed} when the provider's share stays
   * in use, and at once while the database is known to be gone.
   */
  <T> T transaction(ProviderId provider, Supplier<T> work) {
    return within(transactions.of(provider), work);
  }

  /**
   * Runs a look-up in a directory table that is made for this name, of a provider, of whoever
   * claims to be one, or of what is looked up for all together. Throws as {@link #transaction}
   * does.
   */
  public <T> T lookUp(String whose, Supplier<T> work) {
    return within(lookUps.of(whose), work);
  }

  private <T> T within(Semaphore share, Supplier<T> work) {
    watch.requireReachable();
    take(share);
    try {
      // Again, because whoever waited here has no time left to wait for a connection as well.
      watch.requireReachable();
      return work.get();
    } finally {
      share.release();
    }
  }

  private static void take(Semaphore share) {
    try {
      if (!share.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new DatabaseFailed(
            new SQLException("The connections of a provider are all in use", TOO_MANY));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseFailed(new SQLException("Interrupted while waiting for a connection"));
    }
  }
}
