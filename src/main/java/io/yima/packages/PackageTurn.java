package io.yima.packages;

import io.yima.quota.QuotaChange;
import io.yima.work.LastError;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one try to fetch a package came to, ready to be recorded if the row is still ours.
 *
 * @param quota what the call came to for its quota; null for nothing
 */
record PackageTurn(ClaimedPackage claimed, Result result, @Nullable QuotaChange quota) {

  /** What there is to record. */
  sealed interface Result {

    /** One word, for figures. */
    String outcome();

    /** Its rows are checked and sealed. */
    record Fetched(SealedPackage content) implements Result {
      @Override
      public String outcome() {
        return "stored";
      }
    }

    /** Nothing was gained. */
    record Failed(LastError error, boolean blocked, Instant next, String outcome)
        implements Result {}

    /** Nothing can be gained by any of the merchant's packages without another key. */
    record NeedsKey(LastError error, Instant next) implements Result {
      @Override
      public String outcome() {
        return error.code();
      }
    }

    /** Not tried, and nothing to tell. */
    record PutOff(Instant next, String outcome) implements Result {}
  }

  static PackageTurn of(ClaimedPackage claimed, Result result) {
    return new PackageTurn(claimed, result, null);
  }

  /** Whether history has told this reason already. */
  boolean tellsNothingNew(LastError error) {
    LastError last = claimed.lastError();
    return last != null
        && last.code().equals(error.code())
        && Objects.equals(last.errcode(), error.errcode());
  }
}
