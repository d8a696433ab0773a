package io.yima.activations;

import java.util.regex.Pattern;

/** Product bar codes as WeChat takes them: EAN-8 and EAN-13, the last digit of which is a check. */
final class BarCode {

  private static final Pattern DIGITS = Pattern.compile("[0-9]{8}|[0-9]{13}");

  private BarCode() {}

  /** Whether the text has 8 or 13 digits; says nothing about the last of them. */
  static boolean hasLength(String text) {
    return DIGITS.matcher(text).matches();
  }

  /**
   * Whether the last digit is what the others demand: from the right, each second counts thrice.
   */
  static boolean checks(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int fromRight = digits.length() - 1 - i;
      sum += (digits.charAt(i) - '0') * (fromRight % 2 == 0 ? 1 : 3);
    }
    return sum % 10 == 0;
  }
}
