package io.yima.security.audit;

import static io.yima.security.audit.AuditScene.token;
import static io.yima.security.audit.AuditScene.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.database.EmbeddedPostgres;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.TestDatabase;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.work.Node;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class TokenReadTrailTest {

  private static final Map<String, String> READS = Map.of("action", "token.read");

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
  void first_reads_at_the_same_time_are_each_stored_when_they_return() throws Exception {
    TokenReadTrail node = node();
    Doer doer = new Doer(UUID.randomUUID(), "key", null, "request");
    List<Future<Boolean>> found;

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      found =
          IntStream.range(0, 300)
              .mapToObj(number -> new AuthorizerId(scene.provider(), "wx" + number))
              .map(
                  authorizer ->
                      threads.submit(
                          () -> {
                            node.note(authorizer, doer);
                            return isStored(authorizer);
                          }))
              .toList();
    }

    assertThat(found).allSatisfy(one -> assertThat(one.get()).isTrue());
  }

  @Test
  void a_read_that_cannot_be_stored_fails_alone() throws Exception {
    TokenReadTrail node = node();
    Doer doer = new Doer(UUID.randomUUID(), "key", null, "request");
    ProviderId unknown = new ProviderId(UUID.randomUUID());
    List<Future<?>> reads = new ArrayList<>();

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 100; i++) {
        ProviderId provider = i % 10 == 3 ? unknown : scene.provider();
        AuthorizerId authorizer = new AuthorizerId(provider, "wx" + i);
        reads.add(threads.submit(() -> node.note(authorizer, doer)));
      }
    }

    for (int i = 0; i < 100; i++) {
      assertThat(reads.get(i).state())
          .as("read %d", i)
          .isEqualTo(i % 10 == 3 ? Future.State.FAILED : Future.State.SUCCESS);
      assertThat(isStored(new AuthorizerId(scene.provider(), "wx" + i))).isEqualTo(i % 10 != 3);
    }
  }

  @Test
  void no_token_is_handed_out_while_its_read_cannot_be_stored() throws Exception {
    String key = scene.newKey("erp", "tokens").getString("key");
    try (Connection owner = DriverManager.getConnection(ownersUrl());
        Statement statement = owner.createStatement()) {
      statement.execute(
          """
          create function pg_temp.refuse() returns trigger language plpgsql as
          $$ begin raise exception 'no space left on device' using errcode = '53100'; end $$;
          create trigger refuse before insert on audit_event
            for each row execute function pg_temp.refuse()
          """);
      try {
        with(key)
            .get(token(merchant))
            .then()
            .statusCode(503)
            .body("code", equalTo("database_unavailable"))
            .body("access_token", nullValue());
      } finally {
        statement.execute("drop trigger refuse on audit_event");
      }
    }

    assertThat(counts()).isEmpty();
    with(key).get(token(merchant)).then().statusCode(200);
    assertThat(counts()).containsExactly(1);
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
    return new TokenReadTrail(worker, new Node(), clock);
  }

  private static String ownersUrl() {
    EmbeddedPostgres server = TestDatabase.server();
    return server.jdbcUrl() + "?user=" + server.username() + "&password=" + server.password();
  }

  private boolean isStored(AuthorizerId authorizer) {
    return worker.statement(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  "select 1 from audit_event where provider_id = ? and authorizer_appid = ?")) {
            query.setObject(1, authorizer.provider().value());
            query.setString(2, authorizer.authorizerAppid());
            return query.executeQuery().next();
          }
        });
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
