package io.yima.security.audit;

import static io.restassured.RestAssured.given;
import static io.yima.security.audit.AuditScene.EVENTS;
import static io.yima.security.audit.AuditScene.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.TestDatabase;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class AuditEventResourceTest {

  private static final Pattern INDEX = Pattern.compile("audit_event_\\w+_idx");

  @Inject SettableClock clock;
  @Inject WorkerDatabase database;
  @Inject AuditPurge purge;

  private AuditScene scene;

  @BeforeEach
  void open() {
    scene = AuditScene.open();
  }

  @AfterEach
  void return_to_today() {
    clock.reset();
  }

  @Test
  void events_are_told_newest_first_page_by_page_each_once() {
    for (int i = 0; i < 4; i++) {
      scene.newKey("key " + i, "read");
    }
    List<String> all = scene.events().stream().map(event -> (String) event.get("id")).toList();

    List<String> paged = new ArrayList<>();
    String next = null;
    do {
      var request =
          scene.operator().queryParam("component_appid", scene.app.appid()).queryParam("limit", 2);
      JsonPath page =
          (next == null ? request : request.queryParam("after", next)).get(EVENTS).jsonPath();
      paged.addAll(page.getList("items.id", String.class));
      next = page.getString("next");
    } while (next != null);

    assertThat(all).hasSize(5);
    assertThat(paged).isEqualTo(all);
    assertThat(scene.events().stream().map(event -> (String) event.get("at")).toList())
        .isSortedAccordingTo(Comparator.<String>reverseOrder());
  }

  @Test
  void each_filter_narrows_the_list() {
    String merchant = scene.merchant();
    JsonPath key = scene.newKey("erp", "tokens", "write");
    AuditScene.with(key.getString("key")).get(AuditScene.token(merchant)).then().statusCode(200);
    Instant later = clock.instant().plus(Duration.ofHours(1));
    clock.advance(Duration.ofHours(1));
    scene.newKey("later", "read");

    assertThat(actions(Map.of("authorizer_appid", merchant))).containsExactly("token.read");
    assertThat(actions(Map.of("action", "key.created"))).hasSize(2);
    assertThat(actions(Map.of("action", "token.read"))).hasSize(1);
    assertThat(actions(Map.of("key_id", key.getString("id")))).containsExactly("token.read");
    assertThat(actions(Map.of("key_id", UUID.randomUUID().toString()))).isEmpty();
    assertThat(actions(Map.of("from", later.toString()))).containsExactly("key.created");
    assertThat(actions(Map.of("to", later.toString())))
        .containsExactly("token.read", "key.created", "provider.registered");
    assertThat(actions(Map.of("from", later.toString(), "to", later.toString()))).isEmpty();
    AuditScene other = AuditScene.open();
    assertThat(other.actions()).containsExactly("provider.registered");
    scene
        .operator()
        .queryParam("component_appid", "wxnobody")
        .get(EVENTS)
        .then()
        .statusCode(200)
        .body("items.size()", equalTo(0));
  }

  @Test
  void without_a_filter_it_is_about_all_providers() {
    AuditScene other = AuditScene.open();

    // Other tests have moved the clock: what they left in days to come is newer than this.
    List<String> appids =
        scene
            .operator()
            .queryParam("limit", 500)
            .queryParam("to", clock.instant().plusSeconds(1).toString())
            .get(EVENTS)
            .path("items.component_appid");

    assertThat(appids).contains(scene.app.appid(), other.app.appid());
  }

  @Test
  void an_archived_provider_s_trail_stays_readable() {
    scene.operator().delete("/api/v1/providers/" + scene.app.appid()).then().statusCode(204);

    assertThat(scene.actions()).containsExactly("provider.registered", "provider.archived");
  }

  @Test
  void what_cannot_be_understood_is_named() {
    scene
        .operator()
        .queryParams(
            Map.of(
                "component_appid", "no appid",
                "authorizer_appid", "none!",
                "action", "token.stolen",
                "from", "yesterday",
                "to", "+100000-01-01T00:00:00Z"))
        .get(EVENTS)
        .then()
        .statusCode(422)
        .body(
            "errors.field",
            containsInAnyOrder("component_appid", "authorizer_appid", "action", "from", "to"));
    scene
        .operator()
        .queryParam("key_id", "no-uuid")
        .get(EVENTS)
        .then()
        .statusCode(422)
        .body("errors.field", contains("key_id"));
    scene.newKey("a", "read");
    String next =
        scene
            .operator()
            .queryParams(Map.of("component_appid", scene.app.appid(), "limit", 1))
            .get(EVENTS)
            .path("next");
    scene
        .operator()
        .queryParams(Map.of("action", "key.created", "after", next))
        .get(EVENTS)
        .then()
        .statusCode(422)
        .body("errors.field", contains("after"));
  }

  @Test
  void only_operators_read_it() {
    String key = scene.newKey("curious", "read", "write", "tokens", "codes").getString("key");

    with(key).get(EVENTS).then().statusCode(403).body("code", equalTo("operator_only"));
    given().get(EVENTS).then().statusCode(401);
  }

  @Test
  void every_list_walks_along_an_index() throws SQLException {
    fill(scene.provider());
    ProviderId provider = AuditScene.open().provider();
    Instant now = clock.instant();
    AuditSearch.Position after = new AuditSearch.Position(now, UUID.randomUUID());

    assertThat(indexOf(filter(null, null, null, null), after)).isEqualTo("audit_event_at_idx");
    assertThat(indexOf(filter(null, null, AuditAction.KEY_CREATED, null), after))
        .isEqualTo("audit_event_change_at_idx");
    assertThat(indexOf(filter(provider, null, null, null), after))
        .isEqualTo("audit_event_provider_at_idx");
    assertThat(indexOf(filter(null, "wx7", null, null), after))
        .isEqualTo("audit_event_authorizer_at_idx");
    assertThat(indexOf(filter(null, null, null, UUID.randomUUID()), after))
        .isEqualTo("audit_event_key_at_idx");
  }

  @Test
  void what_is_older_than_the_retention_is_deleted() {
    clock.advance(Duration.ofDays(399));
    scene.newKey("later", "read");
    clock.advance(Duration.ofDays(2));
    scene.newKey("latest", "read");
    int many = purge.purge();

    assertThat(many).isPositive();
    assertThat(scene.actions()).containsExactly("key.created", "key.created");
    assertThat(purge.purge()).isZero();
  }

  @Test
  void a_retention_that_makes_no_sense_is_refused_by_name() {
    for (String refused : List.of("PT0S", "PT-1S", "PT23H", "P36501D", "PT1000000000000H")) {
      assertThatThrownBy(() -> AuditPurge.checked(Duration.parse(refused)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("YIMA_AUDIT_RETENTION");
    }
    assertThat(AuditPurge.checked(Duration.ofDays(400))).isEqualTo(Duration.ofDays(400));
  }

  private List<String> actions(Map<String, ?> filters) {
    return scene.events(filters).stream().map(event -> (String) event.get("action")).toList();
  }

  private static AuditFilter filter(
      ProviderId provider, String authorizerAppid, AuditAction action, UUID keyId) {
    return new AuditFilter(provider, authorizerAppid, action, keyId, null, null);
  }

  /** The index that the plan reads a page off. */
  private String indexOf(AuditFilter filter, AuditSearch.Position after) {
    AuditSearch search = AuditSearch.of(filter, after, 51);
    return database.transaction(
        connection -> {
          try (PreparedStatement explain =
              connection.prepareStatement("explain (costs off) " + search.statement())) {
            search.bind(explain);
            List<String> plan = new ArrayList<>();
            try (ResultSet rows = explain.executeQuery()) {
              while (rows.next()) {
                plan.add(rows.getString(1));
              }
            }
            assertThat(plan).noneMatch(line -> line.contains("Seq Scan on audit_event"));
            Matcher index = INDEX.matcher(String.join("\n", plan));
            assertThat(index.find()).as("%s", plan).isTrue();
            return index.group();
          }
        });
  }

  /** Enough reads of tokens, and some changes, that no plan but one along an index is any good. */
  private static void fill(ProviderId provider) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                TestDatabase.server().jdbcUrl(), "postgres", TestDatabase.server().password());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          """
          insert into audit_event (provider_id, id, at, last_at, count, action, authorizer_appid,
            key_id, key_name, request_id, node)
          select '%s', gen_random_uuid(), now() - n * interval '1 second', now(), 1,
            case n %% 40 when 0 then 'key.created' else 'token.read' end, 'wx' || n %% 500, ('00000000-0000-0000-0000-' || lpad((n %% 700)::text, 12, '0'))::uuid,
            'filled', 'r', 'n'
          from generate_series(1, 40000) as n
          """
              .formatted(provider));
      statement.execute("analyze audit_event");
    }
  }
}
