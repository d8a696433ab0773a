package io.yima.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.secrets.Secret;
import io.yima.tenancy.ProviderId;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentTokensTest {

  private static final Instant NOW = Instant.parse("2026-05-01T00:00:00Z");
  private static final TokenLookup.Valid TOKEN =
      new TokenLookup.Valid("wx1", Secret.of("a component token"));

  private final AtomicLong nanos = new AtomicLong();
  private final RecentTokens recent = new RecentTokens(nanos::get);
  private final ProviderId provider = ProviderId.next();

  @Test
  void a_token_is_lent_until_it_is_old_and_then_one_asker_reads_again_while_others_go_on() {
    recent.keep(provider, TOKEN, NOW.plusSeconds(100));
    assertThat(recent.validUntil(provider, NOW)).contains(TOKEN);

    nanos.addAndGet(RecentTokens.AGE.toNanos());

    assertThat(recent.validUntil(provider, NOW)).isEmpty();
    assertThat(recent.validUntil(provider, NOW)).contains(TOKEN);
    recent.keep(provider, TOKEN, NOW.plusSeconds(100));
    assertThat(recent.validUntil(provider, NOW)).contains(TOKEN);
  }

  @Test
  void nobody_lives_on_one_that_was_not_read_again() {
    recent.keep(provider, TOKEN, NOW.plusSeconds(100));

    nanos.addAndGet(2 * RecentTokens.AGE.toNanos());

    assertThat(recent.validUntil(provider, NOW)).isEmpty();
    assertThat(recent.validUntil(provider, NOW)).isEmpty();
  }

  @Test
  void an_expired_forgotten_or_unknown_one_is_not_lent() {
    recent.keep(provider, TOKEN, NOW.plusSeconds(100));

    assertThat(recent.validUntil(provider, NOW.plusSeconds(100))).isEmpty();
    assertThat(recent.validUntil(ProviderId.next(), NOW)).isEmpty();
    recent.forget(provider);
    assertThat(recent.validUntil(provider, NOW)).isEmpty();
  }
}
