package io.yima.provider;

import io.quarkus.runtime.Startup;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.yima.work.Lease;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The lease of token work, refused at start-up when a call could outlive it. */
@Startup
@Singleton
public class TokenLease {

  /** What of the WeChat room's settings a lease is measured by. */
  @ConfigMapping(prefix = "yima.wechat")
  interface Calls {

    @WithDefault("PT5S")
    Duration timeout();
  }

  private final Lease lease;

  TokenLease(TokensConfig config, Calls calls) {
    lease = Lease.checked("YIMA_TOKENS_LEASE", config.lease(), calls.timeout());
    RefreshTime.of(config);
  }

  public Lease lease() {
    return lease;
  }
}
