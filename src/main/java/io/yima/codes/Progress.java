package io.yima.codes;

import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.work.LastError;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far an application is: everything about it that changes. Verbs give the progress after
 * something happened; nothing here decides when to ask next.
 *
 * @param firstSentAt when a call that may have reached WeChat was first about to start; null as
 *     long as nothing was ever sent
 * @param progressedAt when anything last came nearer to the end
 */
public record Progress(
    ApplicationState state,
    @Nullable Long applicationId,
    Reported reported,
    @Nullable Instant firstSentAt,
    @Nullable Instant submittedAt,
    @Nullable Instant finishedAt,
    Instant progressedAt,
    Sync sync) {

  /** What WeChat said last about the codes; texts and numbers are its own. */
  public record Reported(
      @Nullable String status,
      List<CodeRange> ranges,
      @Nullable String createTime,
      @Nullable String updateTime) {

    static final Reported NOTHING = new Reported(null, List.of(), null, null);

    public Reported {
      ranges = List.copyOf(ranges);
    }
  }

  /**
   * When to turn to WeChat next, and what went wrong last.
   *
   * @param blocked WeChat will go on refusing until a person mends something
   * @param nextSyncAt null: never again
   */
  public record Sync(
      boolean blocked, @Nullable Instant nextSyncAt, int attempts, @Nullable LastError lastError) {

    /** Nothing went wrong. */
    public static Sync at(@Nullable Instant nextSyncAt) {
      return new Sync(false, nextSyncAt, 0, null);
    }
  }

  /** A new or reopened order whose first call is about to start. */
  static Progress ordered(Instant now, Instant nextSyncAt) {
    return new Progress(
        ApplicationState.SUBMITTING,
        null,
        Reported.NOTHING,
        now,
        null,
        null,
        now,
        Sync.at(nextSyncAt));
  }

  Progress submitted(long id, Instant now, Instant nextSyncAt) {
    return new Progress(
        ApplicationState.SUBMITTED, id, reported, firstSentAt, now, null, now, Sync.at(nextSyncAt));
  }

  Progress finished(Reported news, Instant now) {
    return new Progress(
        ApplicationState.FINISHED,
        applicationId,
        news,
        firstSentAt,
        submittedAt,
        now,
        now,
        Sync.at(null));
  }

  Progress running(Reported news, Instant lastProgress, Instant nextSyncAt) {
    return new Progress(
        state,
        applicationId,
        news,
        firstSentAt,
        submittedAt,
        null,
        lastProgress,
        Sync.at(nextSyncAt));
  }

  Progress rejected(LastError error) {
    return new Progress(
        ApplicationState.REJECTED,
        null,
        reported,
        firstSentAt,
        null,
        null,
        progressedAt,
        new Sync(false, null, sync.attempts + 1, error));
  }

  /** Nothing was gained; the next try comes at its time. */
  Progress failed(LastError error, boolean blocked, Instant nextSyncAt) {
    return with(new Sync(blocked, nextSyncAt, sync.attempts + 1, error));
  }

  /** Not tried at all: only the next time and perhaps the reason are new. */
  Progress postponed(@Nullable LastError error, boolean blocked, Instant nextSyncAt) {
    return with(new Sync(blocked, nextSyncAt, sync.attempts, error));
  }

  /** It turned out that the call never left this machine, and neither did one before it. */
  Progress neverSent() {
    return new Progress(
        state, applicationId, reported, null, submittedAt, finishedAt, progressedAt, sync);
  }

  private Progress with(Sync next) {
    return new Progress(
        state, applicationId, reported, firstSentAt, submittedAt, finishedAt, progressedAt, next);
  }
}
