package io.yima.sandbox;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;

/**
 * The sandbox alone, in a process of its own, so that it outlives whatever is done to Yima. Takes
 * {@code YIMA_SANDBOX_PORT} (8089; 0 for any) and {@code YIMA_DATA_DIR} ({@code ./data}) from the
 * environment or from system properties named {@code yima.sandbox.port} and {@code yima.data-dir}.
 */
public final class SandboxMain {

  private SandboxMain() {}

  /** Runs until the process is stopped; prints one line with the address when ready. */
  public static void main(String[] args) throws InterruptedException {
    int port = Integer.parseInt(setting("yima.sandbox.port", "YIMA_SANDBOX_PORT", "8089"));
    Path data = Path.of(setting("yima.data-dir", "YIMA_DATA_DIR", "./data"));
    SandboxServer server =
        SandboxServer.start(
            new SandboxOptions(port, data.resolve("sandbox.json"), Clock.systemUTC()));
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "sandbox-close"));
    System.out.println("Sandbox listening on " + server.baseUrl());
    new CountDownLatch(1).await();
  }

  private static String setting(String property, String variable, String fallback) {
    String value = System.getProperty(property, System.getenv(variable));
    return value == null || value.isBlank() ? fallback : value;
  }
}
