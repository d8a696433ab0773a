package io.yima.readiness;

import io.yima.authorizer.AuthorizerAccount;
import io.yima.provider.ComponentHealth;
import io.yima.quota.ApiQuotas.Standing;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of a merchant that decides whether it can be served.
 *
 * @param quotas by interface; those never used are left out
 */
record ReadinessFacts(
    ComponentHealth platform,
    AuthorizerAccount account,
    FeatureEvidence feature,
    Map<String, Standing> quotas,
    CodeKeyEvidence codeKey) {

  /**
   * What is known of the merchant's code key.
   *
   * @param provedAt when codes were first opened with it; null: not yet
   * @param refusedAt when it last did not open any; null: nothing waits for another one
   */
  record CodeKeyEvidence(boolean stored, @Nullable Instant provedAt, @Nullable Instant refusedAt) {}

  /**
   * What WeChat's latest answers tell of the account's feature.
   *
   * @param refusedAt when WeChat last answered 48001
   * @param refusal WeChat's words then
   * @param servedAt when WeChat last did what was asked
   * @param applicationId an application that WeChat confirmed
   */
  record FeatureEvidence(
      @Nullable Instant refusedAt,
      @Nullable String refusal,
      @Nullable Instant servedAt,
      @Nullable Long applicationId) {}
}
