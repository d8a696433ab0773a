package io.yima.api;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jspecify.annotations.Nullable;

/**
 * Whether this node has been told to stop. Known from the signal on: Quarkus' own events come only
 * after the requests that were under way.
 */
@ApplicationScoped
public class Stopping {

  private volatile @Nullable Thread signalled;
  private volatile boolean begun;

  void listen(@Observes StartupEvent started) {
    Thread hook = new Thread(this::begin, "stopping");
    signalled = hook;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** A live reload stops the application as well, and this process goes on. */
  void forget(@Observes ShutdownEvent stopped) {
    begin();
    Thread hook = signalled;
    try {
      if (hook != null) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    } catch (IllegalStateException e) {
      // The signal came: the hook has run or runs now.
    }
  }

  void begin() {
    begun = true;
  }

  public boolean hasBegun() {
    return begun;
  }
}
