package io.yima.work;

import io.yima.wechat.Failure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes texts from outside fit for PostgreSQL, which takes neither U+0000 nor half characters. */
public final class StorableText {

  private static final int LONGEST_STATUS = 200;
  private static final int LONGEST_TIME = 100;
  private static final int LONGEST_ERRMSG = 500;
  private static final int REPLACEMENT = 0xFFFD;

  private static final String UNKNOWN_REMEDY =
      "Yima does not know this answer: look its number and rid up on developers.weixin.qq.com.";

  private StorableText() {}

  /** A status as WeChat named it, cut to 200 characters. */
  public static @Nullable String status(@Nullable String text) {
    return text == null ? null : clean(text, LONGEST_STATUS);
  }

  /** A time as WeChat wrote it, cut to 100 characters. */
  public static @Nullable String time(@Nullable String text) {
    return text == null ? null : clean(text, LONGEST_TIME);
  }

  public static String errmsg(String text) {
    return clean(text, LONGEST_ERRMSG);
  }

  /** A failure as last error; {@code helpless}: name a remedy even where none is known. */
  public static LastError error(Failure failure, boolean helpless, Instant now) {
    LastError error = LastError.of(failure, now);
    String remedy = error.remedy() == null && helpless ? UNKNOWN_REMEDY : error.remedy();
    String errmsg = error.errmsg() == null ? null : errmsg(error.errmsg());
    return new LastError(error.code(), error.errcode(), errmsg, error.rid(), remedy, now);
  }

  private static String clean(String text, int longest) {
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .limit(longest)
        .map(point -> isStorable(point) ? point : REPLACEMENT)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static boolean isStorable(int point) {
    return !Character.isISOControl(point)
        && (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE);
  }
}
