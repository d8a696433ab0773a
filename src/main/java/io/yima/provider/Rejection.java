package io.yima.provider;

import io.yima.work.Backoff;
import io.yima.work.LastError;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * WeChat refused a component token before its end: another system has fetched one for the same app.
 * The first is answered by a fetch at once; when tokens go on being taken, each fetch waits longer,
 * because two systems that take the token from each other would use up the day's quota.
 *
 * @param inARow how many tokens in a row were refused soon after they were fetched
 */
record Rejection(int inARow, Instant at, @Nullable Instant fetchedAt) {

  static final String TAKEN = "component_token_taken";

  /** A token that lived so long was no victim of the one before. */
  private static final Duration SOON = Duration.ofMinutes(10);

  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5));

  static Rejection of(ComponentRow row, Instant now) {
    Instant fetchedAt = row.refreshedAt();
    boolean soon = fetchedAt != null && now.isBefore(fetchedAt.plus(SOON));
    return new Rejection(soon ? row.rejections() + 1 : 1, now, fetchedAt);
  }

  /** Whether the next fetch is to wait. */
  boolean goesOn() {
    return inARow > 1;
  }

  Instant nextFetchAt(RandomGenerator random) {
    return at.plus(BACKOFF.after(inARow - 1, random));
  }

  LastError error() {
    return new LastError(
        TAKEN,
        null,
        "WeChat refused the component token " + age() + ": another system fetches tokens for it",
        null,
        "Find the other deployment, test environment or script that holds this component_appid and"
            + " its secret, and stop it or give it an app of its own; WeChat accepts only the token"
            + " fetched last.",
        at);
  }

  private String age() {
    return fetchedAt == null
        ? "before its end"
        : Math.max(0, Duration.between(fetchedAt, at).toSeconds()) + " s after it was fetched";
  }
}
