package io.yima.work;

import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** This process among the nodes: a name that no other process, not even a former one, has. */
@Singleton
public class Node {

  private final String name = hostName() + "-" + ProcessHandle.current().pid() + "-" + random();

  public String name() {
    return name;
  }

  /**
   * Who holds the leases that requests take: this node, but apart from its loops, whose leases are
   * given back when it stops while requests are still being answered.
   */
  public String requestHolder() {
    return name + "/api";
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "node";
    }
  }

  private static String random() {
    byte[] bytes = new byte[4];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
