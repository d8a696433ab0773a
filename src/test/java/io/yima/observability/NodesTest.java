package io.yima.observability;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.yima.database.WorkerDatabase;
import io.yima.testsupport.Keys;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.YimaTestResource;
import io.yima.work.Node;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class NodesTest {

  @Inject Node node;
  @Inject Keys keys;
  @Inject WorkerDatabase database;
  @Inject SettableClock clock;

  @AfterEach
  void backToThePresent() {
    clock.reset();
  }

  @Test
  void this_node_is_seen_with_its_version() {
    nodes()
        .body(entry(node.name()) + ".version", equalTo("0.1.0-SNAPSHOT"))
        .body(entry(node.name()) + ".started_at", notNullValue())
        .body(entry(node.name()) + ".leases", equalTo(Map.of()));
  }

  @Test
  void a_node_that_fell_silent_is_gone_and_one_that_stopped_says_so() {
    insert("silent-1", 91, false);
    insert("slow-1", 60, false);
    insert("stopped-1", 91, true);

    nodes()
        .body(entry("silent-1") + ".state", equalTo("GONE"))
        .body(entry("slow-1") + ".state", equalTo("RUNNING"))
        .body(entry("stopped-1") + ".state", equalTo("STOPPED"));
  }

  @Test
  void what_a_node_holds_is_counted_by_kind_whichever_of_its_parts_took_it() {
    insert("holder-1", 0, false);
    lease(keys.newProvider(), "holder-1");
    lease(keys.newProvider(), "holder-1/now");

    nodes().body(entry("holder-1") + ".leases", equalTo(Map.of("reconcile", 2)));
  }

  @Test
  void pages_follow_one_another() {
    insert("a-page-1", 0, false);
    insert("a-page-2", 0, false);

    String next =
        nodes("?limit=1").body("items.size()", equalTo(1)).extract().path("next").toString();

    nodes("?limit=1&after=" + next)
        .body("items.size()", equalTo(1))
        .body("items.name", not(hasItem("a-page-1")));
  }

  private void insert(String name, long secondsAgo, boolean stopped) {
    Instant seenAt = clock.instant().minusSeconds(secondsAgo);
    run(
        "insert into node (name, version, started_at, seen_at, stopped_at) values (?, '1', ?, ?, ?)",
        name,
        seenAt.atOffset(ZoneOffset.UTC),
        seenAt.atOffset(ZoneOffset.UTC),
        stopped ? seenAt.atOffset(ZoneOffset.UTC) : null);
  }

  private void lease(String componentAppid, String holder) {
    run(
        """
        insert into reconciliation (provider_id, next_reconcile_at, lease_owner, lease_until)
        select id, now(), ?, now() + interval '1 minute' from provider where component_appid = ?
        """,
        holder,
        componentAppid);
  }

  private void run(String sql, @Nullable Object... parameters) {
    database.transaction(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
              statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
          }
        });
  }

  private static String entry(String name) {
    return "items.find { it.name == '" + name + "' }";
  }

  private static ValidatableResponse nodes() {
    return nodes("?limit=500");
  }

  private static ValidatableResponse nodes(String query) {
    return given()
        .auth()
        .oauth2(YimaTestResource.OPERATOR_KEY)
        .get("/api/v1/nodes" + query)
        .then()
        .statusCode(200);
  }
}
