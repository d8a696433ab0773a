package io.yima.work;

import java.time.Duration;

/** Rules that settings of several rooms have to keep; a refusal names the setting. */
public final class CheckedSetting {

  private CheckedSetting() {}

  /** The duration; throws {@link IllegalStateException} when it is zero or negative. */
  public static Duration positive(String setting, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalStateException(
          "%s is %s but must be longer than nothing, such as PT5S.".formatted(setting, duration));
    }
    return duration;
  }
}
