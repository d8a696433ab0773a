package io.yima.codes;

import io.yima.quota.Clearance;
import io.yima.quota.Grant;
import io.yima.quota.ShanghaiDay;
import io.yima.work.LastError;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides for which due work WeChat need not be called now, because the answer is known. They are
 * put off, not left due: what cannot move must neither spin nor stand in others' way.
 */
public final class Standstill {

  private static final Duration WHEN_ARCHIVED = Duration.ofDays(1);
  private static final String POSTPONED = "postponed";

  private final SyncSchedule schedule;

  public Standstill(SyncSchedule schedule) {
    this.schedule = schedule;
  }

  /**
   * Why not to call, and until when.
   *
   * @param error null: none is told
   */
  public record Pause(@Nullable LastError error, boolean blocked, Instant until, String outcome) {}

  /** What to record instead of a call; empty: go on and call. */
  Optional<Turn> turn(Claimed claimed, Instant now) {
    LastError last = claimed.row().progress().sync().lastError();
    return pause(claimed.clearance(), last, now).map(pause -> put(claimed, pause));
  }

  /** The same for any call in a merchant's name; empty: go on and call. */
  public Optional<Pause> pause(Clearance clearance, @Nullable LastError last, Instant now) {
    if (clearance.providerArchived()) {
      return Optional.of(new Pause(last, false, now.plus(WHEN_ARCHIVED), POSTPONED));
    }
    LastError obstacle = obstacle(clearance, now);
    return obstacle == null
        ? quota(clearance.grant(), last, now)
        : Optional.of(new Pause(obstacle, true, schedule.whenBlocked(now), POSTPONED));
  }

  private Optional<Pause> quota(Grant grant, @Nullable LastError last, Instant now) {
    Instant free = grant.until() == null ? ShanghaiDay.after(now) : grant.until();
    Instant next =
        grant.verdict() == Grant.Verdict.SLOWED
            ? schedule.afterPause(free)
            : schedule.soonAfter(free);
    return switch (grant.verdict()) {
      case GRANTED -> Optional.empty();
      case PARKED -> Optional.of(new Pause(known(last, parked(now)), false, next, "quota_parked"));
      case SLOWED -> Optional.of(new Pause(known(last, slowed(now)), false, next, "quota_slowed"));
      case RESERVED -> Optional.of(new Pause(reserved(now), false, next, "quota_reserved"));
    };
  }

  private static @Nullable LastError obstacle(Clearance clearance, Instant now) {
    return switch (clearance.status()) {
      case REVOKED ->
          LastError.of(
              "authorizer_revoked",
              "The merchant withdrew its authorization: send it a new authorization link.",
              now);
      case REAUTHORIZATION_REQUIRED ->
          LastError.of(
              "reauthorization_required",
              "The merchant's authorization is lost: send it a new authorization link.",
              now);
      case ACTIVE ->
          clearance.marketingCodeSet()
              ? null
              : LastError.of(
                  "permission_set_missing",
                  "Let the merchant authorize again with permission set 46 (微信一物一码) ticked.",
                  now);
    };
  }

  /** WeChat's own words say more, where they stand there already. */
  private static LastError known(@Nullable LastError last, LastError error) {
    return last != null && last.code().equals(error.code()) ? last : error;
  }

  private static LastError slowed(Instant now) {
    return LastError.of(
        "rate_limited",
        "WeChat found the merchant's calls too frequent; they go on after a pause.",
        now);
  }

  private static LastError reserved(Instant now) {
    return LastError.of(
        "quota_reserved",
        "What is left of the merchant's daily quota is kept for people; it goes on the next day.",
        now);
  }

  private static LastError parked(Instant now) {
    return LastError.of(
        "quota_exhausted",
        "The merchant's daily quota of this interface is used up; it goes on the next day.",
        now);
  }

  private static Turn put(Claimed claimed, Pause pause) {
    CodeApplication row = claimed.row();
    Progress before = row.progress();
    Progress known =
        claimed.first() && row.state() == ApplicationState.SUBMITTING ? before.neverSent() : before;
    Progress after = known.postponed(pause.error(), pause.blocked(), pause.until());
    EventKind kind = pause.blocked() ? EventKind.BLOCKED : EventKind.SYNC_FAILED;
    LastError error = pause.error();
    return error == null
        ? Turn.of(row, after, pause.outcome())
        : Turn.failed(row, after, kind, error, pause.outcome());
  }
}
