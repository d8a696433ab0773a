package io.yima;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.yima.demo.AotCache;
import io.yima.limits.ConnectionDeadlines;
import io.yima.secrets.MasterKeyset;
import io.yima.security.ApiKeySecret;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Starts Yima, or answers one of its three commands. */
@QuarkusMain
public class Main {

  public static void main(String... arguments) {
    String command = arguments.length == 0 ? "" : arguments[0];
    switch (command) {
      case "new-keyset" -> System.out.println(MasterKeyset.generate().reveal());
      case "new-operator-key" -> System.out.println(ApiKeySecret.generateOperatorKey().reveal());
      case "new-aot-cache" -> makeAotCache(arguments.length == 1 ? null : arguments[1]);
      default -> start(arguments);
    }
  }

  private static void makeAotCache(@Nullable String file) {
    try {
      System.out.println(AotCache.make(file));
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void start(String... arguments) {
    try {
      Foundation.lay();
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
    // Before the first connection: Netty reads it once.
    System.setProperty(ConnectionDeadlines.SWITCH, ConnectionDeadlines.ON);
    // Quarkus would answer what is no address with a bare 400; RequestLimits checks it instead.
    System.setProperty("vertx.disableURIValidation", "true");
    Quarkus.run(arguments);
  }
}
