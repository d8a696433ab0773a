package io.yima;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.yima.limits.ConnectionDeadlines;
import io.yima.secrets.MasterKeyset;
import io.yima.security.ApiKeySecret;

/** Starts Yima, or answers one of its two commands. */
@QuarkusMain
public class Main {

  public static void main(String... arguments) {
    String command = arguments.length == 0 ? "" : arguments[0];
    switch (command) {
      case "new-keyset" -> System.out.println(MasterKeyset.generate().reveal());
      case "new-operator-key" -> System.out.println(ApiKeySecret.generateOperatorKey().reveal());
      default -> start(arguments);
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
