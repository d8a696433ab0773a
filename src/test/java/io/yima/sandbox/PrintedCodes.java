package io.yima.sandbox;

import io.yima.sandbox.SandboxCodes.Place;

/** What stands on the pretend WeChat's codes, for tests that scan them. */
public final class PrintedCodes {

  private PrintedCodes() {}

  public static String url(long applicationId, long codeIndex) {
    return SandboxCodes.url(new Place(applicationId, codeIndex));
  }
}
