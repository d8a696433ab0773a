package io.yima.authorizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.authorizer.TokenState.Health;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TokenStateTest {

  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(60);

  @Test
  void a_valid_token_that_is_not_due_is_fresh() {
    assertThat(health(AuthorizerStatus.ACTIVE, LATER, LATER, 0)).isEqualTo(Health.FRESH);
  }

  @Test
  void a_valid_token_at_its_due_time_is_due() {
    assertThat(health(AuthorizerStatus.ACTIVE, LATER, NOW, 0)).isEqualTo(Health.DUE);
  }

  @Test
  void a_failed_refresh_shows_while_the_token_is_still_valid() {
    assertThat(health(AuthorizerStatus.ACTIVE, LATER, LATER, 1)).isEqualTo(Health.FAILING);
  }

  @Test
  void an_expired_or_missing_token_is_none() {
    assertThat(health(AuthorizerStatus.ACTIVE, NOW, LATER, 0)).isEqualTo(Health.NONE);
    assertThat(health(AuthorizerStatus.ACTIVE, null, LATER, 0)).isEqualTo(Health.NONE);
  }

  @Test
  void whoever_is_given_up_has_none() {
    assertThat(health(AuthorizerStatus.REVOKED, LATER, LATER, 0)).isEqualTo(Health.NONE);
  }

  private static Health health(
      AuthorizerStatus status, Instant expiresAt, Instant nextRefreshAt, int attempts) {
    return TokenState.of(status, expiresAt, NOW, nextRefreshAt, attempts, null, NOW).state();
  }
}
