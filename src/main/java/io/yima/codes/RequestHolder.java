package io.yima.codes;

import io.yima.work.Node;

/**
 * Who holds the leases that requests take: this node, but apart from its loop, whose leases are
 * given back when it stops while requests are still being answered.
 */
final class RequestHolder {

  private RequestHolder() {}

  static String of(Node node) {
    return node.name() + "/api";
  }
}
