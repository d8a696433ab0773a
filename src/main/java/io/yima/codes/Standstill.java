package io.yima.codes;

import io.yima.work.LastError;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which due applications WeChat need not be asked about now, because the answer is known.
 * They are put off, not left due: what cannot move must neither spin nor stand in others' way.
 */
final class Standstill {

  private static final Duration WHEN_ARCHIVED = Duration.ofDays(1);

  private final SyncSchedule schedule;

  Standstill(SyncSchedule schedule) {
    this.schedule = schedule;
  }

  /** What to record instead of a call; empty: go on and call. */
  Optional<Turn> turn(Claimed claimed, Instant now) {
    CodeApplication row = claimed.row();
    if (claimed.providerArchived()) {
      return Optional.of(
          put(claimed, row.progress().sync().lastError(), false, now.plus(WHEN_ARCHIVED)));
    }
    LastError obstacle = obstacle(claimed, now);
    if (obstacle != null) {
      return Optional.of(put(claimed, obstacle, true, schedule.whenBlocked(now)));
    }
    return quota(claimed, now);
  }

  private Optional<Turn> quota(Claimed claimed, Instant now) {
    Grant grant = claimed.grant();
    Instant free = grant.until() == null ? ShanghaiDay.after(now) : grant.until();
    Instant next =
        grant.verdict() == Grant.Verdict.SLOWED
            ? schedule.afterPause(free)
            : schedule.soonAfter(free);
    return switch (grant.verdict()) {
      case GRANTED -> Optional.empty();
      case PARKED ->
          Optional.of(put(claimed, known(claimed, parked(now)), false, next).as("quota_parked"));
      case SLOWED ->
          Optional.of(put(claimed, known(claimed, slowed(now)), false, next).as("quota_slowed"));
      case RESERVED -> Optional.of(put(claimed, reserved(now), false, next).as("quota_reserved"));
    };
  }

  private static @Nullable LastError obstacle(Claimed claimed, Instant now) {
    return switch (claimed.status()) {
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
          claimed.marketingCodeSet()
              ? null
              : LastError.of(
                  "permission_set_missing",
                  "Let the merchant authorize again with permission set 46 (微信一物一码) ticked.",
                  now);
    };
  }

  /** WeChat's own words say more, where they stand there already. */
  private static LastError known(Claimed claimed, LastError error) {
    LastError last = claimed.row().progress().sync().lastError();
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

  private static Turn put(
      Claimed claimed, @Nullable LastError error, boolean blocked, Instant next) {
    CodeApplication row = claimed.row();
    Progress before = row.progress();
    Progress known =
        claimed.first() && row.state() == ApplicationState.SUBMITTING ? before.neverSent() : before;
    Progress after = known.postponed(error, blocked, next);
    EventKind kind = blocked ? EventKind.BLOCKED : EventKind.SYNC_FAILED;
    return error == null
        ? Turn.of(row, after, "postponed")
        : Turn.failed(row, after, kind, error, "postponed");
  }
}
