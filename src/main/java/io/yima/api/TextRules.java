package io.yima.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What every text has to be that comes from outside. */
public final class TextRules {

  private TextRules() {}

  /** PostgreSQL's text knows neither U+0000 nor lone surrogates. */
  public static boolean isStorable(String text) {
    return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /** The text that these bytes are in UTF-8; empty when they are none. */
  public static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** Whether it has neither control characters nor lone surrogates. */
  public static boolean isPlain(String text) {
    return text.codePoints()
        .noneMatch(point -> Character.isISOControl(point) || isLoneSurrogate(point));
  }

  private static boolean isLoneSurrogate(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }
}
