package io.yima.packages;

import io.yima.codes.ApplicationKey;
import io.yima.quota.Clearance;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.work.LastError;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A package that a claim gave us, with what decides whether it can be fetched.
 *
 * @param damagedPlace where its content is that is damaged; null while it has none
 * @param applicationId WeChat's number of the application
 * @param key the merchant's key; null when it has set none
 */
record ClaimedPackage(
    PackageKey packageKey,
    CodeRange range,
    long generation,
    int attempts,
    @Nullable LastError lastError,
    @Nullable String damagedPlace,
    long applicationId,
    @Nullable SealedCodeKey key,
    Clearance clearance) {

  /**
   * A merchant's key as it is stored.
   *
   * @param proved whether it has opened a package before
   */
  record SealedCodeKey(ByteBuffer sealed, long generation, boolean proved) {}

  /** Which key the claim saw; 0 for none. */
  long keyGeneration() {
    return key == null ? 0 : key.generation();
  }

  ApplicationKey application() {
    return packageKey.application();
  }
}
