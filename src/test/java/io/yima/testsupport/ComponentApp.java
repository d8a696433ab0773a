package io.yima.testsupport;

import java.util.random.RandomGenerator;

/** What a provider knows of its component app. */
public record ComponentApp(
    String appid, String appsecret, String messageToken, String encodingAesKey) {

  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  /** An app that nobody has registered yet. */
  public static ComponentApp unheardOf() {
    return new ComponentApp(Sandbox.newAppid(), text(32), text(16), text(43));
  }

  private static String text(int length) {
    RandomGenerator random = RandomGenerator.getDefault();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return text.toString();
  }
}
