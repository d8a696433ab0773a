package io.yima.api;

import java.io.IOException;

/** A body turned out to be longer than is taken while it was read. */
class BodyTooLarge extends IOException {

  BodyTooLarge(long limit) {
    super("more than " + limit + " bytes");
  }
}
