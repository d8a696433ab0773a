package io.yima.limits;

import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.util.HexFormat;

/**
 * Where a request comes from, as far as limits tell callers apart: an IPv4 address, or the 64 bits
 * of an IPv6 address that name a network, because whoever has one address there has them all.
 */
final class RemoteAddress {

  private static final int NETWORK_BYTES = 8;
  private static final int IPV4_BYTES = 4;
  private static final String NOWHERE = "unknown";

  private RemoteAddress() {}

  /** The peer's address, or the client's that a trusted proxy names. */
  static String of(RoutingContext context) {
    SocketAddress remote = context.request().remoteAddress();
    String host = remote == null ? null : remote.hostAddress();
    if (host == null && remote != null) {
      host = remote.host();
    }
    return host == null ? NOWHERE : network(host);
  }

  static String network(String host) {
    // Anything but an address would be looked up, and a proxy may send any text.
    if (!host.matches("[0-9a-fA-F:.\\[\\]%]{2,64}")) {
      return NOWHERE;
    }
    try {
      String literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      byte[] address = InetAddress.ofLiteral(literal).getAddress();
      return address.length == IPV4_BYTES
          ? HexFormat.of().formatHex(address)
          : HexFormat.of().formatHex(address, 0, NETWORK_BYTES);
    } catch (IllegalArgumentException e) {
      return NOWHERE;
    }
  }
}
