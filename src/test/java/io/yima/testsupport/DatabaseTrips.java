package io.yima.testsupport;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Counts how often this process turns to PostgreSQL, by what the driver tells of its protocol: each
 * statement ends with a Sync, but for one that is sent together with the next.
 */
public final class DatabaseTrips {

  /** More than after which the driver keeps a statement prepared, and may do otherwise. */
  private static final int TRIES = 12;

  private static final Logger DRIVER = Logger.getLogger("org.postgresql.core.v3.QueryExecutorImpl");

  private DatabaseTrips() {}

  /** How many the request takes; of several, because others may be at work beside it. */
  public static int of(Runnable request) {
    Level before = DRIVER.getLevel();
    Syncs syncs = new Syncs();
    DRIVER.setLevel(Level.FINEST);
    DRIVER.addHandler(syncs);
    try {
      int fewest = Integer.MAX_VALUE;
      for (int i = 0; i < TRIES; i++) {
        int seen = syncs.count.get();
        request.run();
        fewest = Math.min(fewest, syncs.count.get() - seen);
      }
      return fewest;
    } finally {
      DRIVER.removeHandler(syncs);
      DRIVER.setLevel(before);
    }
  }

  private static final class Syncs extends Handler {

    private final AtomicInteger count = new AtomicInteger();

    @Override
    public void publish(LogRecord entry) {
      if (entry.getMessage().contains("FE=> Sync")) {
        count.incrementAndGet();
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
