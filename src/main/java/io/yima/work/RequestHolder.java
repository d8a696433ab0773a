package io.yima.work;

/**
 * Who holds the leases that requests take: this node, but apart from its loop, whose leases are
 * given back when it stops while requests are still being answered.
 */
public final class RequestHolder {

  private RequestHolder() {}

  /** The holder to name in a lease that a request takes. */
  public static String of(Node node) {
    return node.name() + "/api";
  }
}
