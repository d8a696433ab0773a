package io.yima.sandbox;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Clock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts the sandbox before the rest of Yima and stops it with Yima, freeing its port. */
@ApplicationScoped
class SandboxBesideYima {

  private static final Logger LOG = Logger.getLogger(SandboxBesideYima.class);

  /** Where the sandbox keeps its state, beside the embedded database. */
  @ConfigMapping(prefix = "yima")
  interface Home {

    @WithDefault("./data")
    Path dataDir();
  }

  private final SandboxConfig config;
  private final Path dataDir;
  private @Nullable SandboxServer server;

  SandboxBesideYima(SandboxConfig config, Home home) {
    this.config = config;
    this.dataDir = home.dataDir();
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
