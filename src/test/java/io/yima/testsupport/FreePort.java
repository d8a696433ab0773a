package io.yima.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/**
 * A port for a process that binds it later, or again after it was killed. It lies below those that
 * systems give to outgoing connections, of which two runs side by side make thousands meanwhile.
 */
public final class FreePort {

  private static final int FROM = 15_000;
  private static final int TO = 32_000;
  private static final int TRIES = 100;

  private FreePort() {}

  public static int choose() {
    IOException last = null;
    for (int i = 0; i < TRIES; i++) {
      int port = RandomGenerator.getDefault().nextInt(FROM, TO);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        last = e;
      }
    }
    throw new UncheckedIOException(last);
  }
}
