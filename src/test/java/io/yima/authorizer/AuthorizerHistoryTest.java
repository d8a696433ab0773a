package io.yima.authorizer;

import static io.yima.authorizer.Merchants.as;
import static io.yima.authorizer.Merchants.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.callback.ConnectedProviders;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comparisons with WeChat find is told: to the merchant's history, and to rooms above. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class AuthorizerHistoryTest {

  /** As a room above would listen. */
  @Singleton
  static class Listener {

    private final Queue<PermissionsDrifted> heard = new ConcurrentLinkedQueue<>();
    private volatile AuthorizerId refused;

    void drifted(@Observes PermissionsDrifted event) {
      if (event.authorizer().equals(refused)) {
        throw new IllegalStateException("the outbox is full");
      }
      heard.add(event);
    }

    List<PermissionsDrifted> of(AuthorizerId merchant) {
      return heard.stream().filter(event -> event.authorizer().equals(merchant)).toList();
    }
  }

  @Inject Merchants merchants;
  @Inject ConnectedProviders connected;
  @Inject Reconciler reconciler;
  @Inject ReconciliationRows reconciliations;
  @Inject Listener listener;

  private final Sandbox sandbox = Sandbox.ofThisTest();
  private final ComponentApp app = ComponentApp.unheardOf();
  private ProviderId provider;

  @BeforeEach
  void register() {
    provider = merchants.provider(app);
  }

  @AfterEach
  void archive() {
    listener.refused = null;
    merchants.archive(app);
  }

  @Test
  void a_set_that_is_gone_without_a_push_is_told_once() {
    AuthorizerId merchant = merchants.authorized(provider, app);
    update(merchant, List.of(1));

    compare();
    compare();

    as(app)
        .get(path(merchant) + "/history")
        .then()
        .statusCode(200)
        .body("items", hasSize(1))
        .body("items[0].kind", equalTo("permission_sets_changed"))
        .body("items[0].from", equalTo("1,46"))
        .body("items[0].to", equalTo("1"))
        .body("items[0].found_by", equalTo("reconciliation"))
        .body("next", nullValue());
    assertThat(listener.of(merchant))
        .hasSize(1)
        .first()
        .satisfies(
            event -> {
              assertThat(event.before()).isEqualTo(Set.of(1, 46));
              assertThat(event.after()).isEqualTo(Set.of(1));
            });
  }

  @Test
  void a_merchant_who_authorizes_has_no_drift() {
    AuthorizerId merchant = merchants.authorized(provider, app);
    merchants.authorize(merchant, app, List.of(1));

    compare();

    as(app).get(path(merchant) + "/history").then().body("items", hasSize(0));
    assertThat(listener.of(merchant)).isEmpty();
  }

  @Test
  void whoever_cannot_take_note_of_it_hears_of_it_again() {
    AuthorizerId merchant = merchants.authorized(provider, app);
    update(merchant, List.of(1));
    listener.refused = merchant;

    try {
      compare();
    } catch (IllegalStateException e) {
      assertThat(e).hasStackTraceContaining("the outbox is full");
    }

    as(app).get(path(merchant) + "/history").then().body("items", hasSize(0));
    as(app).get(path(merchant)).then().body("permission_sets.id", contains(1, 46));

    listener.refused = null;
    // As when the lease has run out.
    reconciliations.giveBack();
    compare();

    as(app).get(path(merchant) + "/history").then().body("items", hasSize(1));
    assertThat(listener.of(merchant)).hasSize(1);
  }

  @Test
  void history_comes_in_pages_and_is_nobody_elses() {
    AuthorizerId merchant = merchants.authorized(provider, app);
    AuthorizerId other = merchants.authorized(provider, app);
    for (List<Integer> sets : List.of(List.of(1), List.of(1, 46), List.of(1, 11, 46))) {
      update(merchant, sets);
      compare();
    }

    String next =
        as(app)
            .get(path(merchant) + "/history?limit=2")
            .then()
            .body("items.to", contains("1", "1,46"))
            .extract()
            .path("next");
    as(app)
        .get(path(merchant) + "/history?limit=2&after=" + next)
        .then()
        .body("items.to", contains("1,11,46"))
        .body("next", nullValue());
    as(app).get(path(other) + "/history").then().body("items", hasSize(0));
    as(app).get(path(other) + "/history?after=" + next).then().statusCode(422);
    ComponentApp stranger = ComponentApp.unheardOf();
    merchants.provider(stranger);
    as(stranger).get(path(merchant) + "/history").then().statusCode(404);
    merchants.archive(stranger);
  }

  private void update(AuthorizerId merchant, List<Integer> sets) {
    sandbox.control(
        "POST",
        "accounts/" + merchant.authorizerAppid() + "/update",
        Map.of("component_appid", app.appid(), "permission_sets", sets, "push", false));
  }

  private void compare() {
    Time.passes(Duration.ofHours(7));
    sandbox.pushTicket(app.appid());
    connected.handlePushes();
    as(app).post("/api/v1/authorizers/adopt").then().statusCode(202);
    int steps = 1;
    while (steps > 0) {
      steps = reconciler.runDue(10);
    }
  }
}
