package io.yima.sandbox;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the pretend WeChat behaves; each can be set while it runs.
 *
 * @param codePadding to blocks of how many bytes packages of codes are padded: 16 or 32
 * @param barCodeReview how long the review of a bar code takes that nobody knows
 * @param reactivation whether codes that are bound are bound anew or refused
 * @param inactiveCode what is answered about a code that is not bound
 * @param dailyLimit how often a merchant's marketing-code interface may be called a day; null: so
 *     often that nobody reaches it
 */
record Settings(
    Duration tokenLife,
    Duration componentTokenLife,
    Duration tokenOverlap,
    Duration componentTokenOverlap,
    String rotate,
    Duration refreshTokenOverlap,
    Duration preAuthCodeLife,
    Duration authCodeLife,
    Duration ticketEvery,
    Duration ticketLife,
    Duration initTime,
    Duration processingTime,
    long rangeSize,
    String sameIdOtherCount,
    String isvScope,
    Duration latency,
    boolean odd,
    int stringIdEvery,
    boolean pushEvents,
    boolean separateEventCode,
    boolean checkOrigin,
    long seed,
    int codePadding,
    Duration barCodeReview,
    Duration codeTicketLife,
    String reactivation,
    String inactiveCode,
    @Nullable Long dailyLimit) {

  static final Settings DEFAULTS =
      new Settings(
          Duration.ofSeconds(7200),
          Duration.ofSeconds(7200),
          Duration.ofMinutes(5),
          Duration.ZERO,
          "off",
          Duration.ZERO,
          Duration.ofSeconds(1800),
          Duration.ofSeconds(600),
          Duration.ofMinutes(10),
          Duration.ofHours(12),
          Duration.ofSeconds(7),
          Duration.ofSeconds(8),
          50_000,
          "ignore",
          "account",
          Duration.ZERO,
          true,
          3,
          true,
          false,
          true,
          1,
          32,
          Duration.ofHours(24),
          Duration.ofMinutes(30),
          "overwrite",
          "empty",
          null);

  private static final long LIMIT_NOBODY_REACHES = 1_000_000;

  Settings {
    if (!sameIdOtherCount.equals("ignore") && !sameIdOtherCount.equals("error")) {
      throw new BadControl("same_id_other_count must be ignore or error");
    }
    if (!isvScope.equals("account") && !isvScope.equals("platform")) {
      throw new BadControl("isv_scope must be account or platform");
    }
    if (!reactivation.equals("overwrite") && !reactivation.equals("error")) {
      throw new BadControl("reactivation must be overwrite or error");
    }
    if (!inactiveCode.equals("empty") && !inactiveCode.equals("error")) {
      throw new BadControl("inactive_code must be empty or error");
    }
    if (rangeSize < 1 || stringIdEvery < 1) {
      throw new BadControl("range_size and string_id_every must be at least 1");
    }
    if (codePadding != 16 && codePadding != 32) {
      throw new BadControl("code_padding must be 16 or 32");
    }
    if (dailyLimit != null && dailyLimit < 0) {
      throw new BadControl("daily_limit must not be negative");
    }
    probability(rotate);
  }

  /** How often a merchant's interface may be called a day. */
  long limitOfDay() {
    return dailyLimit == null ? LIMIT_NOBODY_REACHES : dailyLimit;
  }

  /** How likely a refresh gives a new refresh token. */
  double rotateProbability() {
    return probability(rotate);
  }

  private static double probability(String rotate) {
    return switch (rotate) {
      case "off" -> 0;
      case "always" -> 1;
      default -> {
        try {
          double value = Double.parseDouble(rotate);
          if (value >= 0 && value <= 1) {
            yield value;
          }
        } catch (NumberFormatException e) {
          throw new BadControl("rotate must be off, always or a number from 0 to 1");
        }
        throw new BadControl("rotate must be off, always or a number from 0 to 1");
      }
    };
  }
}
