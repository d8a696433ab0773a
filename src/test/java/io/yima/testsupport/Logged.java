package io.yima.testsupport;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jspecify.annotations.Nullable;

/** What this process logs from now on, until it is closed. */
public final class Logged implements AutoCloseable {

  /** A line of the log, and the exception below it. */
  public record Entry(Level level, String message, @Nullable Throwable thrown) {}

  private static final ExtFormatter MESSAGE = new PatternFormatter("%s");

  private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();

  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          entries.add(
              new Entry(
                  entry.getLevel(), MESSAGE.format(ExtLogRecord.wrap(entry)), entry.getThrown()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  public Logged() {
    Logger.getLogger("").addHandler(handler);
  }

  /** The warnings and worse that have the words, oldest first. */
  public List<Entry> troubles(String words) {
    return entries.stream()
        .filter(entry -> entry.level().intValue() >= Level.WARNING.intValue())
        .filter(entry -> entry.message().contains(words))
        .toList();
  }

  @Override
  public void close() {
    Logger.getLogger("").removeHandler(handler);
  }
}
