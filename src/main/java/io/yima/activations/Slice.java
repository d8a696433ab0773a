package io.yima.activations;

import io.yima.codes.Progress.Sync;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.work.LastError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of an activation within one of WeChat's ranges: what is sent in one call.
 *
 * @param sentAt when a call was about to start whose end nobody knows; null: it certainly did not
 *     take effect, or the slice is over
 * @param leased whether some node is at it at this moment
 */
record Slice(
    int number,
    CodeRange range,
    SliceState state,
    @Nullable Instant sentAt,
    @Nullable Instant activatedAt,
    Sync sync,
    long generation,
    boolean leased) {

  /** A new one, due at once. */
  static Slice due(int number, CodeRange range, Instant now) {
    return new Slice(number, range, SliceState.ACTIVATING, null, null, Sync.at(now), 0, false);
  }

  Slice activated(Instant now) {
    return new Slice(
        number, range, SliceState.ACTIVATED, null, now, Sync.at(null), generation, false);
  }

  Slice rejected(LastError error) {
    return new Slice(
        number,
        range,
        SliceState.REJECTED,
        null,
        null,
        new Sync(false, null, sync.attempts() + 1, error),
        generation,
        false);
  }

  /** WeChat certainly did not do it. */
  Slice undone() {
    return new Slice(number, range, state, null, activatedAt, sync, generation, leased);
  }

  /** Nothing was gained; the next try comes at its time. */
  Slice failed(LastError error, boolean blocked, Instant nextAttemptAt) {
    return with(new Sync(blocked, nextAttemptAt, sync.attempts() + 1, error));
  }

  /** Not tried at all: only the next time and perhaps the reason are new. */
  Slice postponed(@Nullable LastError error, boolean blocked, Instant nextAttemptAt) {
    return with(new Sync(blocked, nextAttemptAt, sync.attempts(), error));
  }

  /** What is left of it on either side of a range: none, one or two ranges. */
  List<CodeRange> outside(CodeRange taken) {
    List<CodeRange> rest = new ArrayList<>();
    if (range.codeStart() < taken.codeStart()) {
      rest.add(new CodeRange(range.codeStart(), taken.codeStart() - 1));
    }
    if (range.codeEnd() > taken.codeEnd()) {
      rest.add(new CodeRange(taken.codeEnd() + 1, range.codeEnd()));
    }
    return rest;
  }

  /** A part of it that stays as it was, under a number of its own. */
  Slice restOf(int newNumber, CodeRange rest) {
    return new Slice(newNumber, rest, state, sentAt, activatedAt, sync, 0, false);
  }

  /** As history names it. */
  String codes() {
    return "codes " + range.codeStart() + " to " + range.codeEnd();
  }

  private Slice with(Sync next) {
    return new Slice(number, range, state, sentAt, activatedAt, next, generation, false);
  }
}
