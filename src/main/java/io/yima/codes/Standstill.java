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
    Instant parkedUntil = claimed.parkedUntil();
    if (parkedUntil != null && parkedUntil.isAfter(now)) {
      return Optional.of(put(claimed, quota(now), false, schedule.soonAfter(parkedUntil)));
    }
    return Optional.empty();
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

  private static LastError quota(Instant now) {
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
