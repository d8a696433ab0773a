package io.yima.provider;

import io.quarkus.runtime.Startup;
import io.yima.wechat.WeChatConfig;
import io.yima.work.CheckedSetting;
import io.yima.work.Lease;
import jakarta.inject.Singleton;

/** The lease of token work, refused at start-up when a call could outlive it. */
@Startup
@Singleton
public class TokenLease {

  private final Lease lease;

  TokenLease(TokensConfig config, WeChatConfig calls) {
    lease = Lease.checked("YIMA_TOKENS_LEASE", config.lease(), calls.timeout());
    CheckedSetting.positive("YIMA_TOKENS_POLL_EVERY", config.pollEvery());
    RefreshTime.of(config);
  }

  public Lease lease() {
    return lease;
  }
}
