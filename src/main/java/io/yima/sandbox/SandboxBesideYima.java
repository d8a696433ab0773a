package io.yima.sandbox;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Clock;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts the sandbox before the rest of Yima and stops it with Yima, freeing its port. */
@ApplicationScoped
class SandboxBesideYima {

  private static final Logger LOG = Logger.getLogger(SandboxBesideYima.class);

  private final SandboxConfig config;
  private final Path dataDir;
  private @Nullable SandboxServer server;

  SandboxBesideYima(
      SandboxConfig config,
      @ConfigProperty(name = "yima.data-dir", defaultValue = "./data") Path dataDir) {
    this.config = config;
    this.dataDir = dataDir;
  }

  void start(@Observes @Priority(10) StartupEvent event) {
    if (config.enabled()) {
      server =
          SandboxServer.start(
              new SandboxOptions(
                  config.port(), dataDir.resolve("sandbox.json"), Clock.systemUTC()));
      LOG.infof("Sandbox listening on %s", server.baseUrl());
    }
  }

  void stop(@Observes ShutdownEvent event) {
    if (server != null) {
      server.close();
      server = null;
    }
  }
}
