package io.yima.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one lock around the {@link World}. A change returns when it is on disk, so an answered fact
 * outlives a crash; changes that wait together share one write.
 */
final class Store {

  private final Clock clock;
  private final @Nullable StateFile file;
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();
  private World world;
  private long version;
  private long durable;
  private boolean closed;

  Store(Clock clock, @Nullable StateFile file) {
    this.clock = clock;
    this.file = file;
    this.world = file == null ? new World() : file.load();
  }

  /** The sandbox's time: the clock it was given, moved by {@code POST /sandbox/clock}. */
  Instant now() {
    return read(w -> clock.instant().plus(w.clockOffset));
  }

  Settings settings() {
    return read(w -> w.settings);
  }

  <T extends @Nullable Object> T read(Function<World, T> what) {
    lock.lock();
    try {
      return what.apply(world);
    } finally {
      lock.unlock();
    }
  }

  <T extends @Nullable Object> T change(Function<World, T> what) {
    T result;
    long mine;
    lock.lock();
    try {
      result = what.apply(world);
      mine = ++version;
    } finally {
      lock.unlock();
    }
    persist(mine);
    return result;
  }

  /** Forgets everything but the time. */
  void wipe() {
    change(
        w -> {
          Duration offset = w.clockOffset;
          world = new World();
          world.clockOffset = offset;
          return true;
        });
  }

  /** Lets the file go: whoever is late must not write over what a successor has written. */
  void close() {
    writing.lock();
    try {
      closed = true;
    } finally {
      writing.unlock();
    }
  }

  private void persist(long mine) {
    if (file == null) {
      return;
    }
    writing.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the sandbox is closed");
      }
      if (durable >= mine) {
        return;
      }
      byte[] snapshot;
      long written;
      lock.lock();
      try {
        snapshot = Json.bytes(world);
        written = version;
      } finally {
        lock.unlock();
      }
      file.save(snapshot);
      durable = written;
    } finally {
      writing.unlock();
    }
  }
}
