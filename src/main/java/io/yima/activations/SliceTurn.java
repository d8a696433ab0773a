package io.yima.activations;

import io.yima.codes.ApplicationEvent;
import io.yima.codes.ApplicationState;
import io.yima.codes.EventKind;
import io.yima.codes.Standstill;
import io.yima.quota.QuotaChange;
import io.yima.work.LastError;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one turn to WeChat about a slice came to, ready to be recorded if the row is still ours.
 *
 * @param quota what the call came to for its quota, whoever the row is by then; null for nothing
 * @param outcome one word, for figures
 */
record SliceTurn(
    ClaimedSlice before,
    Slice after,
    List<ApplicationEvent> events,
    @Nullable QuotaChange quota,
    String outcome) {

  SliceTurn {
    events = List.copyOf(events);
  }

  /** A turn that tells history nothing. */
  static SliceTurn of(ClaimedSlice before, Slice after, String outcome) {
    return new SliceTurn(before, after, List.of(), null, outcome);
  }

  static SliceTurn activated(ClaimedSlice before, Instant now) {
    return new SliceTurn(
        before,
        before.slice().activated(now),
        List.of(event(EventKind.ACTIVATED, now).detail(before.slice().codes())),
        null,
        "activated");
  }

  static SliceTurn rejected(ClaimedSlice before, LastError error) {
    Slice after = before.slice().rejected(error);
    return new SliceTurn(
        before,
        after,
        List.of(told(before, EventKind.ACTIVATION_REJECTED, error)),
        null,
        "rejected");
  }

  /** A turn that gained nothing; history tells it only when the reason is a new one. */
  static SliceTurn failed(
      ClaimedSlice before, Slice after, EventKind kind, LastError error, String outcome) {
    LastError last = before.slice().sync().lastError();
    boolean known =
        last != null
            && last.code().equals(error.code())
            && Objects.equals(last.errcode(), error.errcode())
            && before.slice().sync().blocked() == after.sync().blocked();
    List<ApplicationEvent> events = known ? List.of() : List.of(told(before, kind, error));
    return new SliceTurn(before, after, events, null, outcome);
  }

  /** A call that was not made leaves behind what was known before its claim. */
  static SliceTurn paused(ClaimedSlice claimed, Standstill.Pause pause) {
    Slice known = claimed.question() ? claimed.slice() : claimed.slice().undone();
    Slice after = known.postponed(pause.error(), pause.blocked(), pause.until());
    EventKind kind = pause.blocked() ? EventKind.ACTIVATION_BLOCKED : EventKind.ACTIVATION_FAILED;
    LastError error = pause.error();
    return error == null
        ? of(claimed, after, pause.outcome())
        : failed(claimed, after, kind, error, pause.outcome());
  }

  /** The same, with what the call came to for its quota; null for nothing. */
  SliceTurn changing(@Nullable QuotaChange change) {
    return new SliceTurn(before, after, events, change, outcome);
  }

  /** Whether the call was counted and certainly not made. */
  boolean unsent() {
    return quota != null && quota.effect() == QuotaChange.Effect.UNSENT;
  }

  /** Activations are of finished applications, and leave them so. */
  static ApplicationEvent event(EventKind kind, Instant at) {
    return ApplicationEvent.of(kind, at, ApplicationState.FINISHED, ApplicationState.FINISHED);
  }

  private static ApplicationEvent told(ClaimedSlice before, EventKind kind, LastError error) {
    return ApplicationEvent.failed(
            kind, error, ApplicationState.FINISHED, ApplicationState.FINISHED)
        .detail(before.slice().codes() + ": " + error.code());
  }
}
