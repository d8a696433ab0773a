package io.yima.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.api.IdempotencyKeys.Claim;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.Keys;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class IdempotencyPurgeTest {

  @Inject IdempotencyKeys idempotencyKeys;
  @Inject IdempotencyPurge purge;
  @Inject ProviderDirectory directory;
  @Inject Keys keys;
  @Inject SettableClock clock;

  @AfterEach
  void return_to_today() {
    clock.reset();
  }

  @Test
  void keys_of_providers_and_of_nobody_are_deleted_when_their_day_is_over() {
    ProviderId provider = directory.find(keys.newProvider()).orElseThrow().id();
    purge.purge();
    for (ProviderId owner : List.of(provider, IdempotentRequest.NOBODY)) {
      IdempotentRequest request =
          IdempotentRequest.of(
              owner,
              UUID.randomUUID().toString(),
              "key",
              new IdempotentRequest.Sent("POST", "/", "", ByteBuffer.allocate(0)));
      assertThat(idempotencyKeys.claim(request)).isInstanceOf(Claim.Run.class);
    }

    clock.advance(Duration.ofHours(24).minusMinutes(1));
    assertThat(purge.purge()).isZero();
    clock.advance(Duration.ofMinutes(2));
    assertThat(purge.purge()).isEqualTo(2);
  }
}
