package io.yima.authorizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.YimaTestResource;
import io.yima.work.Lease;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class ReconciliationRowsTest {

  @Inject ReconciliationRows rows;
  @Inject WorkerDatabase database;
  @Inject Merchants merchants;
  @Inject Clock clock;

  @Test
  void a_comparison_asked_for_while_one_is_under_way_is_not_lost() {
    ProviderId provider = merchants.provider(ComponentApp.unheardOf());
    Instant now = clock.instant();
    database.transaction(
        connection -> {
          ReconciliationRows.anew(connection, provider, now);
          return provider;
        });
    ClaimedReconciliation first = claim(provider, now.plusSeconds(1));
    rows.proceed(first, 500);
    rows.dueBy(provider, now.plusSeconds(60));
    ClaimedReconciliation last = claim(provider, now.plusSeconds(2));

    rows.finish(last, now.plusSeconds(3), now.plus(Duration.ofHours(6)));

    ClaimedReconciliation wanted = claim(provider, now.plusSeconds(61));
    assertThat(wanted.nextReconcileAt()).isEqualTo(now.plusSeconds(60));
    rows.finish(wanted, now.plusSeconds(62), now.plus(Duration.ofHours(6)));
    assertThat(claimable(provider, now.plus(Duration.ofHours(5)))).isFalse();
  }

  private ClaimedReconciliation claim(ProviderId provider, Instant now) {
    return rows.claim(now, 10_000, new Lease(Duration.ofMillis(1), Duration.ZERO)).stream()
        .filter(claimed -> claimed.provider().equals(provider))
        .findFirst()
        .orElseThrow();
  }

  private boolean claimable(ProviderId provider, Instant now) {
    return rows.claim(now, 10_000, new Lease(Duration.ofMillis(1), Duration.ZERO)).stream()
        .anyMatch(claimed -> claimed.provider().equals(provider));
  }
}
