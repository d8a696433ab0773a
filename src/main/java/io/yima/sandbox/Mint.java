package io.yima.sandbox;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Makes values that look like WeChat's: unguessable, and with its prefixes. */
final class Mint {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String LETTERS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private Mint() {}

  static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static String text(int bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(bytes));
  }

  static String ticket() {
    return "ticket@@@" + text(48);
  }

  static String codeTicket() {
    return HexFormat.of().formatHex(bytes(16));
  }

  static String accessToken() {
    return "92_" + text(90);
  }

  static String refreshToken() {
    return "refreshtoken@@@" + text(32);
  }

  static String preAuthCode() {
    return "preauthcode@@@" + text(32);
  }

  /** 16 letters and digits. */
  static String codeKey() {
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      key.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return key.toString();
  }

  static String openid() {
    return "o" + text(20);
  }

  static String authCode() {
    return "queryauthcode@@@" + text(32);
  }
}
