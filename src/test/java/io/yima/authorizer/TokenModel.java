package io.yima.authorizer;

import io.yima.testsupport.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;

/**
 * How one merchant's token is to stand after everything that can happen to it. Knows the rules of
 * lease, generation, back-off, quota and refresh tokens, and nothing of how they are kept.
 */
final class TokenModel {

  /** How a turn to WeChat ended. */
  sealed interface Outcome {

    /**
     * A token.
     *
     * @param used the refresh token that worked
     * @param answered the one that came along, or null
     */
    record Fresh(String access, Duration life, String used, String answered) implements Outcome {
      String successor() {
        return answered == null ? used : answered;
      }
    }

    /**
     * None now.
     *
     * @param found a refresh token that WeChat told and did not call dead, or null
     * @param dead the refresh tokens that it called dead
     */
    record Later(Wait until, String found, Set<String> dead) implements Outcome {}

    /** None any more. */
    record Gone(AuthorizerStatus status) implements Outcome {}
  }

  /** What decides when WeChat is asked again. */
  enum Wait {
    SHORT,
    /** WeChat may be at work on the call even now. */
    UNDER_WAY,
    NEXT_DAY,
    UNTIL_MENDED
  }

  /** What whoever claims the row is given, and may act on although it has grown old. */
  record Claim(
      long generation, boolean active, int attempts, Window next, Kept candidate, String refresh) {

    /** Whether somebody asked although the last try failed and the next one is still to come. */
    boolean outOfTurn(Instant now) {
      return attempts > 0 && next != null && next.from().isAfter(now);
    }
  }

  /** A refresh token that came too late; the same one kept twice is two. */
  record Kept(String token, long number, Instant askedAt) {}

  private static final String NOBODY_KNOWS = "?";
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final long INDISTINCT_SECONDS = 60;

  AuthorizerStatus status;
  long generation;
  String holder;
  String access;
  Instant expiresAt;
  String refresh;
  String previous;
  Kept candidate;
  int attempts;
  Window next;
  private long lastEvent;
  private long kept;

  /** The merchant authorized; all that was known of its tokens before is void. */
  void authorized(String token, Duration life, String refreshToken, long event, Instant now) {
    status = AuthorizerStatus.ACTIVE;
    generation++;
    holder = null;
    access = token;
    expiresAt = now.plus(life);
    refresh = refreshToken;
    previous = null;
    candidate = null;
    attempts = 0;
    next = renewal(life, now);
    lastEvent = Math.max(lastEvent, event);
  }

  /**
   * A withdrawal was pushed.
   *
   * @param authorizedAtWeChat what WeChat says when the order of events cannot be told
   */
  void withdrawn(long event, boolean authorizedAtWeChat) {
    boolean near = Math.abs(event - lastEvent) <= INDISTINCT_SECONDS;
    boolean holds = near ? authorizedAtWeChat : event < lastEvent;
    if (status == AuthorizerStatus.REVOKED || holds) {
      return;
    }
    status = AuthorizerStatus.REVOKED;
    lastEvent = Math.max(lastEvent, event);
    ended();
  }

  boolean isLeased() {
    return holder != null;
  }

  /** Whether the loop may take it. */
  boolean isDue(Instant now) {
    return status == AuthorizerStatus.ACTIVE
        && !isLeased()
        && next != null
        && !next.from().isAfter(now);
  }

  Claim claimed(String by) {
    generation++;
    holder = by;
    return new Claim(
        generation, status == AuthorizerStatus.ACTIVE, attempts, next, candidate, refresh);
  }

  void leaseEnded() {
    holder = null;
  }

  /**
   * What holds of the row when the turn that began with this claim is over.
   *
   * @param askedAt when WeChat was asked
   */
  void recorded(Claim claim, Outcome outcome, Instant askedAt, Instant now) {
    if (claim.generation() != generation) {
      if (outcome instanceof Outcome.Fresh fresh && !fresh.successor().equals(claim.refresh())) {
        keepNewer(new Kept(fresh.successor(), ++kept, askedAt));
      }
      return;
    }
    switch (outcome) {
      case Outcome.Fresh fresh -> fresh(claim, fresh, now);
      case Outcome.Later later -> later(claim, later, askedAt, now);
      case Outcome.Gone(AuthorizerStatus lost) -> {
        status = status == AuthorizerStatus.REVOKED ? status : lost;
        attempts++;
        ended();
      }
    }
  }

  /** Whoever asked WeChat last was given the newest. */
  private void keepNewer(Kept late) {
    if (candidate == null || !candidate.askedAt().isAfter(late.askedAt())) {
      candidate = late;
    }
  }

  private void fresh(Claim claim, Outcome.Fresh fresh, Instant now) {
    status = AuthorizerStatus.ACTIVE;
    access = fresh.access();
    expiresAt = now.plus(fresh.life());
    refresh = fresh.successor();
    previous = fresh.successor().equals(fresh.used()) ? null : fresh.used();
    candidate = Objects.equals(candidate, claim.candidate()) ? null : candidate;
    attempts = 0;
    next = renewal(fresh.life(), now);
    holder = null;
  }

  private void later(Claim claim, Outcome.Later later, Instant askedAt, Instant now) {
    Wait wait = later.until();
    attempts = claim.attempts() + (claim.outOfTurn(now) ? 0 : 1);
    next = claim.active() ? pause(claim, wait, now) : null;
    if (Objects.equals(candidate, claim.candidate())) {
      learn(later, claim.refresh(), askedAt);
    }
    // Nobody is to ask beside a call that may be under way.
    holder = wait == Wait.UNDER_WAY && isLeased() ? NOBODY_KNOWS : null;
  }

  /** What WeChat told is worth keeping, unless it is what was stored anyway. */
  private void learn(Outcome.Later later, String stored, Instant askedAt) {
    if (later.found() != null && !later.found().equals(stored)) {
      candidate = new Kept(later.found(), ++kept, askedAt);
    } else if (candidate != null && later.dead().contains(candidate.token())) {
      candidate = null;
    }
  }

  private Window pause(Claim claim, Wait wait, Instant now) {
    Window briefly = Window.backoff(Duration.ofSeconds(2), Duration.ofMinutes(15), attempts, now);
    return switch (wait) {
      case SHORT -> asPlanned(claim, briefly, now);
      case UNDER_WAY -> asPlanned(claim, briefly, now).notBefore(now.plus(LEASE));
      case NEXT_DAY -> Window.nextDay(now);
      case UNTIL_MENDED ->
          asPlanned(
              claim,
              Window.backoff(Duration.ofMinutes(1), Duration.ofHours(1), attempts, now),
              now);
    };
  }

  /** Whoever asks before the planned time puts nothing off. */
  private static Window asPlanned(Claim claim, Window wanted, Instant now) {
    return claim.outOfTurn(now) ? wanted.notAfter(claim.next().from()) : wanted;
  }

  private void ended() {
    generation++;
    holder = null;
    access = null;
    expiresAt = null;
    next = null;
  }

  private static Window renewal(Duration life, Instant now) {
    long millis = life.toMillis();
    return new Window(now.plusMillis(millis * 75 / 100), now.plusMillis(millis * 85 / 100 + 1));
  }

  /** The token that somebody is given who has had that one already; null: none at hand. */
  String served(String used, Instant now) {
    boolean valid = status == AuthorizerStatus.ACTIVE && access != null && expiresAt.isAfter(now);
    return valid && !access.equals(used) ? access : null;
  }

  /** Whether WeChat is left in peace although somebody asks. */
  boolean isBackingOff(Instant now) {
    return attempts > 0 && next != null && next.from().isAfter(now);
  }
}
