package io.yima.wechat;

import io.yima.secrets.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The secrets of one call, to take them out of what WeChat says about it: whole, in part, or
 * percent-encoded, because error messages quote requests.
 */
final class SentSecrets {

  private static final int TELLING_LENGTH = 12;
  private static final int MAX_LENGTH = 500;

  /** Control characters, the second set of them included, and what some readers end a line at. */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\u2028\\u2029]");

  private final List<String> forms;

  SentSecrets(List<Secret> secrets) {
    forms =
        secrets.stream()
            .map(Secret::reveal)
            .flatMap(text -> Stream.of(text, URLEncoder.encode(text, StandardCharsets.UTF_8)))
            .filter(text -> text.length() >= 4)
            .distinct()
            .toList();
  }

  /** The text in at most 500 characters, printable, with every trace of the secrets replaced. */
  String redact(String text) {
    String shortened = text.length() > 8 * MAX_LENGTH ? text.substring(0, 8 * MAX_LENGTH) : text;
    String clean =
        UNPRINTABLE.matcher(withoutMarked(shortened, marked(shortened))).replaceAll(" ").strip();
    return clean.codePointCount(0, clean.length()) <= MAX_LENGTH
        ? clean
        : clean.substring(0, clean.offsetByCodePoints(0, MAX_LENGTH));
  }

  private BitSet marked(String text) {
    BitSet marked = new BitSet(text.length());
    for (String form : forms) {
      int width = Math.min(form.length(), TELLING_LENGTH);
      for (int from = 0; from + width <= text.length(); from++) {
        if (form.contains(text.substring(from, from + width))) {
          marked.set(from, from + width);
        }
      }
    }
    return marked;
  }

  private static String withoutMarked(String text, BitSet marked) {
    StringBuilder clean = new StringBuilder(text.length());
    for (int at = 0; at < text.length(); ) {
      if (marked.get(at)) {
        clean.append("[secret]");
        at = marked.nextClearBit(at);
      } else {
        clean.append(text.charAt(at++));
      }
    }
    return clean.toString();
  }
}
