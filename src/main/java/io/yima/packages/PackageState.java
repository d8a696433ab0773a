package io.yima.packages;

import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.work.LastError;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a package is. One that is stored and has a next attempt is damaged, and fetched again.
 *
 * @param stored null while it is not
 */
record PackageState(
    CodeRange range,
    @Nullable Instant nextAttemptAt,
    int attempts,
    @Nullable LastError lastError,
    @Nullable Stored stored) {

  /** What is known of a package that is stored. */
  record Stored(StoredPackage content, Instant at, long byteCount, String sha256) {}

  boolean isStored() {
    return stored != null;
  }
}
