package io.yima.codes;

import io.yima.quota.QuotaChange;
import io.yima.work.LastError;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one turn to WeChat came to, ready to be recorded if the row is still ours.
 *
 * @param quota what the call came to for its quota, whoever the row is by then; null for nothing
 * @param outcome one word, for figures
 */
record Turn(
    CodeApplication before,
    Progress after,
    List<ApplicationEvent> events,
    @Nullable QuotaChange quota,
    String outcome) {

  Turn {
    events = List.copyOf(events);
  }

  static Turn of(
      CodeApplication before, Progress after, String outcome, ApplicationEvent... events) {
    return new Turn(before, after, List.of(events), null, outcome);
  }

  /** A turn that gained nothing; history tells it only when the reason is a new one. */
  static Turn failed(
      CodeApplication before, Progress after, EventKind kind, LastError error, String outcome) {
    LastError last = before.progress().sync().lastError();
    boolean told =
        last != null
            && last.code().equals(error.code())
            && Objects.equals(last.errcode(), error.errcode())
            && before.progress().sync().blocked() == after.sync().blocked();
    List<ApplicationEvent> events =
        told
            ? List.of()
            : List.of(ApplicationEvent.failed(kind, error, before.state(), after.state()));
    return new Turn(before, after, events, null, outcome);
  }

  /** The same, with what the call came to for its quota; null for nothing. */
  Turn changing(@Nullable QuotaChange change) {
    return new Turn(before, after, events, change, outcome);
  }

  /** Whether the call was counted and certainly not made. */
  boolean unsent() {
    return quota != null && quota.effect() == QuotaChange.Effect.UNSENT;
  }

  /** The same under another word. */
  Turn as(String word) {
    return new Turn(before, after, events, quota, word);
  }

  ApplicationKey key() {
    return before.key();
  }

  CodeApplication application() {
    return before.with(after);
  }
}
