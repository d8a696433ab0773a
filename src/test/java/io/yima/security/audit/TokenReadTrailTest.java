package io.yima.security.audit;

import static io.yima.security.audit.AuditScene.token;
import static io.yima.security.audit.AuditScene.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.work.Node;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class TokenReadTrailTest {

  private static final Map<String, String> READS = Map.of("action", "token.read");

  @Inject ProviderTransactions transactions;
  @Inject WorkerDatabase worker;
  @Inject SettableClock clock;

  private AuditScene scene;
  private String merchant;

  @BeforeEach
  void begin_a_minute() {
    scene = AuditScene.open();
    merchant = scene.merchant();
    beginMinute();
  }

  @AfterEach
  void return_to_today() {
    clock.reset();
  }

  @Test
  void reads_of_a_minute_are_one_event_that_counts_them() {
    String key = scene.newKey("erp", "tokens").getString("key");
    with(key).get(token(merchant)).then().statusCode(200);
    Map<String, Object> first = scene.events(READS).getFirst();
    assertThat(first)
        .containsEntry("count", 1)
        .containsEntry("authorizer_appid", merchant)
        .containsEntry("last_at", first.get("at"));

    for (int i = 0; i < 6; i++) {
      with(key).get(token(merchant)).then().statusCode(200);
    }

    await().untilAsserted(() -> assertThat(counts()).containsExactly(7));
    Map<String, Object> counted = scene.events(READS).getFirst();
    assertThat(counted).containsEntry("id", first.get("id")).containsEntry("at", first.get("at"));
    assertThat((String) counted.get("last_at")).isGreaterThan((String) first.get("at"));
  }

  @Test
  void another_actor_key_merchant_or_minute_is_another_event() {
    String key = scene.newKey("erp", "tokens").getString("key");
    String second = scene.merchant();
    with(key).get(token(merchant)).then().statusCode(200);
    with(key).header("Yima-Actor", "li.lei").get(token(merchant)).then().statusCode(200);
    with(key).header("Yima-Actor", "han").get(token(merchant)).then().statusCode(200);
    scene.operator().get(token(merchant)).then().statusCode(200);
    with(key).get(token(second)).then().statusCode(200);
    beginMinute();
    with(key).get(token(merchant)).then().statusCode(200);

    assertThat(counts()).hasSize(6).containsOnly(1);
  }

  @Test
  void reads_on_two_nodes_at_once_add_up_to_the_last_one() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<TokenReadTrail> nodes = List.of(node(), node());
    List<Doer> doers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      doers.add(new Doer(UUID.randomUUID(), "key " + i, i == 0 ? null : "actor", "request"));
    }
    Map<String, Integer> expected = new HashMap<>();
    List<Future<?>> reads = new ArrayList<>();

    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 600; i++) {
        TokenReadTrail node = nodes.get(random.nextInt(2));
        Doer doer = doers.get(random.nextInt(3));
        expected.merge(doer.keyName(), 1, Integer::sum);
        reads.add(threads.submit(() -> node.note(authorizer(), doer)));
      }
    }
    awaitAll(reads);
    nodes.forEach(node -> node.stop(new ShutdownEvent()));

    assertThat(countsByKey()).as("seed %d", seed).isEqualTo(expected);
  }

  @Test
  void what_a_killed_node_had_not_written_is_counts_never_the_fact() {
    TokenReadTrail killed = node();
    Doer doer = new Doer(UUID.randomUUID(), "key", null, "request");
    // Nothing of this node's memory is read after this: as if it were gone.
    for (int i = 0; i < 5; i++) {
      killed.note(authorizer(), doer);
    }

    assertThat(counts()).hasSize(1).allMatch(count -> count >= 1);
    TokenReadTrail next = node();
    next.note(authorizer(), doer);
    assertThat(counts()).hasSize(1).allMatch(count -> count >= 2);
  }

  @Test
  void a_tally_gives_every_read_to_one_writer_only() {
    Tally tally = new Tally(scene.provider(), UUID.randomUUID(), clock.instant());

    assertThat(tally.add(1, clock.instant())).isTrue();
    assertThat(tally.add(2, clock.instant())).isFalse();
    Tally.Counted taken = tally.take();

    assertThat(taken.count()).isEqualTo(3);
    assertThat(tally.take().count()).isZero();
    // Could not be written: it waits again, with what came since.
    assertThat(tally.add(1, clock.instant())).isTrue();
    assertThat(tally.add(taken.count(), taken.lastAt())).isFalse();
    assertThat(tally.take().count()).isEqualTo(4);
  }

  private void beginMinute() {
    long second = clock.instant().getEpochSecond() % 60;
    Time.passes(Duration.ofSeconds(60 - second));
  }

  private TokenReadTrail node() {
    return new TokenReadTrail(transactions, worker, new Node(), clock);
  }

  private AuthorizerId authorizer() {
    return new AuthorizerId(scene.provider(), merchant);
  }

  private List<Integer> counts() {
    return scene.events(READS).stream().map(event -> (Integer) event.get("count")).toList();
  }

  private Map<String, Integer> countsByKey() {
    Map<String, Integer> counts = new HashMap<>();
    for (Map<String, Object> event : scene.events(READS)) {
      Map<?, ?> key = (Map<?, ?>) event.get("key");
      counts.merge((String) key.get("name"), (Integer) event.get("count"), Integer::sum);
    }
    return counts;
  }

  private static void awaitAll(List<Future<?>> reads)
      throws InterruptedException, ExecutionException {
    for (Future<?> read : reads) {
      read.get();
    }
  }
}
