package io.yima.codes;

import io.yima.database.Ids;
import io.yima.work.LastError;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One entry of an application's history. */
public record ApplicationEvent(
    UUID id,
    Instant at,
    EventKind kind,
    @Nullable ApplicationState from,
    @Nullable ApplicationState to,
    @Nullable Integer errcode,
    @Nullable String errmsg,
    @Nullable String rid,
    @Nullable String detail,
    @Nullable String actor) {

  /** What happened; {@code from} is null for what there was not before. */
  public static ApplicationEvent of(
      EventKind kind, Instant at, @Nullable ApplicationState from, ApplicationState to) {
    return new ApplicationEvent(Ids.next(), at, kind, from, to, null, null, null, null, null);
  }

  /** What went wrong, in the words of the error. */
  public static ApplicationEvent failed(
      EventKind kind, LastError error, ApplicationState from, ApplicationState to) {
    return new ApplicationEvent(
        Ids.next(),
        error.at(),
        kind,
        from,
        to,
        error.errcode(),
        error.errmsg(),
        error.rid(),
        error.code(),
        null);
  }

  /** The same with a few English words. */
  public ApplicationEvent detail(@Nullable String text) {
    return new ApplicationEvent(id, at, kind, from, to, errcode, errmsg, rid, text, actor);
  }

  /** The same, done by whom the caller named. */
  public ApplicationEvent actor(@Nullable String who) {
    return new ApplicationEvent(id, at, kind, from, to, errcode, errmsg, rid, detail, who);
  }
}
