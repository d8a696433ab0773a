package io.yima.quota;

import io.yima.database.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Whether the call that is next may be made, as the claim found it when it counted the call.
 *
 * @param countedOn the day in Shanghai on which it was counted
 * @param until when a call may be made again; null where the day's end decides, or nothing
 */
public record Grant(Verdict verdict, LocalDate countedOn, @Nullable Instant until) {

  /** What the interface's quota says to a call. */
  public enum Verdict {
    /** It is counted and may be made. */
    GRANTED,
    /** WeChat said that the day's quota is used up. */
    PARKED,
    /** WeChat found calls too frequent: those that nobody waits for pause. */
    SLOWED,
    /** What is left of the day's quota is kept for people. */
    RESERVED
  }

  static Grant granted(LocalDate countedOn) {
    return new Grant(Verdict.GRANTED, countedOn, null);
  }

  /** The grant in a row of a claim; see {@link ClaimedCalls}. */
  static Grant read(ResultSet row, Instant now) throws SQLException {
    if (row.getBoolean("granted")) {
      return granted(ShanghaiDay.of(now));
    }
    Instant blockedUntil = Columns.instant(row, "blocked_until");
    boolean blocked = blockedUntil != null && blockedUntil.isAfter(now);
    Verdict verdict =
        blocked
            ? row.getInt("slow_downs") == 0 ? Verdict.PARKED : Verdict.SLOWED
            : Verdict.RESERVED;
    return new Grant(verdict, ShanghaiDay.of(now), blocked ? blockedUntil : null);
  }
}
