package io.yima;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Says, in a system property, whether the application still needs the embedded database. The main
 * thread cannot: when a signal ends the process it never comes back from Quarkus.
 */
@ApplicationScoped
class ApplicationState {

  /** Last of all: a start that fails needs the database no longer. */
  void up(@Observes @Priority(Integer.MAX_VALUE) StartupEvent started) {
    System.setProperty(Foundation.UP, "true");
  }

  void down(@Observes @Priority(Integer.MAX_VALUE) ShutdownEvent stopped) {
    System.clearProperty(Foundation.UP);
  }
}
