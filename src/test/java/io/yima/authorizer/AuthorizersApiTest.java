package io.yima.authorizer;

import static io.yima.authorizer.Merchants.as;
import static io.yima.authorizer.Merchants.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class AuthorizersApiTest {

  private static final int MERCHANTS = 1_200;

  @Inject Merchants merchants;
  @Inject Reconciler reconciler;
  @Inject TokenKeeper keeper;
  @Inject Authorizers authorizers;

  private final Sandbox sandbox = Sandbox.ofThisTest();
  private final ComponentApp app = ComponentApp.unheardOf();
  private ProviderId provider;

  @BeforeEach
  void register() {
    provider = merchants.provider(app);
  }

  @Test
  void an_authorized_merchant_shows_profile_sets_and_token_state() {
    AuthorizerId merchant = merchants.authorized(provider, app);

    as(app)
        .get(path(merchant))
        .then()
        .statusCode(200)
        .body("authorizer_appid", equalTo(merchant.authorizerAppid()))
        .body("nick_name", equalTo("商户"))
        .body("status", equalTo("ACTIVE"))
        .body("service_type", equalTo(2))
        .body("permission_sets.find { it.id == 46 }.name", equalTo("微信一物一码"))
        .body("marketing_codes", equalTo(true))
        .body("token.state", equalTo("FRESH"))
        .body("token.attempts", equalTo(0));
    assertThat(authorizers.standing(merchant))
        .contains(new AuthorizerStanding(AuthorizerStatus.ACTIVE, true, true));
  }

  @Test
  void a_token_is_read_and_not_to_be_stored() {
    AuthorizerId merchant = merchants.authorized(provider, app);

    as(app)
        .get(path(merchant) + "/token")
        .then()
        .statusCode(200)
        .header("Cache-Control", equalTo("no-store"));
  }

  @Test
  void a_refresh_for_a_token_that_is_no_longer_current_does_nothing() {
    AuthorizerId merchant = merchants.authorized(provider, app);

    as(app)
        .body(Map.of("if_token", "a former one"))
        .post(path(merchant) + "/token/refresh")
        .then()
        .statusCode(200)
        .body("refreshed", equalTo(false))
        .body("token.state", equalTo("FRESH"));
  }

  @Test
  void another_tenants_merchant_does_not_exist() {
    ComponentApp other = ComponentApp.unheardOf();
    AuthorizerId merchant = merchants.authorized(merchants.provider(other), other);

    for (String what : List.of("", "/token")) {
      as(app).get(path(merchant) + what).then().statusCode(404);
    }
    as(app).post(path(merchant) + "/token/refresh").then().statusCode(404);
    as(app).get("/api/v1/authorizers").then().body("items", hasSize(0));
  }

  @Test
  void merchants_are_filtered_and_listed_page_by_page() {
    AuthorizerId first = merchants.authorized(provider, app);
    AuthorizerId second = merchants.authorized(provider, app);

    String next =
        as(app)
            .get("/api/v1/authorizers?limit=1&status=ACTIVE&permission_set=46")
            .then()
            .statusCode(200)
            .body("items", hasSize(1))
            .extract()
            .path("next");
    as(app)
        .queryParam("after", next)
        .get("/api/v1/authorizers?limit=1&status=ACTIVE&permission_set=46")
        .then()
        .body("items", hasSize(1))
        .body("next", equalTo(null));
    as(app).get("/api/v1/authorizers?permission_set=7").then().body("items", hasSize(0));
    as(app)
        .queryParam("q", first.authorizerAppid().substring(4))
        .get("/api/v1/authorizers")
        .then()
        .body("items.authorizer_appid", hasItem(first.authorizerAppid()))
        .body(
            "items.authorizer_appid.contains('" + second.authorizerAppid() + "')", equalTo(false));
    as(app).get("/api/v1/authorizers?status=GONE").then().statusCode(422);
  }

  @Test
  void an_authorization_link_is_a_page_of_ours() {
    as(app)
        .body(Map.of("auth_type", 1, "return_url", "https://shop.example/done"))
        .post("/api/v1/authorization-links")
        .then()
        .statusCode(201)
        .body("url", startsWith("http://localhost"))
        .body("pc_url", startsWith("http://localhost"));
    as(app)
        .body(Map.of("auth_type", 7, "return_url", "javascript:alert(1)"))
        .post("/api/v1/authorization-links")
        .then()
        .statusCode(422)
        .body("errors.field", equalTo(List.of("auth_type", "return_url")));
  }

  @Test
  void merchants_who_authorized_before_are_taken_over_from_the_list() {
    for (int i = 0; i < MERCHANTS; i++) {
      String appid = sandbox.serviceAccount("老商户");
      sandbox.authorize(app.appid(), appid, List.of(1, 46), false);
    }

    as(app).post("/api/v1/authorizers/adopt").then().statusCode(202);
    reconcileAll();

    int seen = 0;
    String next = null;
    do {
      var page =
          as(app)
              .queryParam("limit", 500)
              .queryParams(next == null ? Map.of() : Map.of("after", next))
              .get("/api/v1/authorizers")
              .then()
              .statusCode(200)
              .extract();
      seen += page.<List<?>>path("items").size();
      next = page.path("next");
    } while (next != null);
    assertThat(seen).isEqualTo(MERCHANTS);
    merchants.archive(app);
  }

  @Test
  void an_adopted_merchant_gets_its_token_and_profile() {
    String appid = sandbox.serviceAccount("老商户");
    AuthorizerId merchant = merchants.authorizedElsewhere(provider, app, appid);

    as(app).post("/api/v1/authorizers/adopt").then().statusCode(202);
    reconcileAll();
    keeper.refreshDue(500);

    as(app)
        .get(path(merchant))
        .then()
        .body("nick_name", equalTo("老商户"))
        .body("marketing_codes", equalTo(true))
        .body("token.state", equalTo("FRESH"));
  }

  @Test
  void who_is_missing_from_the_list_is_asked_about_and_revoked() {
    AuthorizerId gone = merchants.authorized(provider, app);
    AuthorizerId there = merchants.authorized(provider, app);
    sandbox.unauthorize(app.appid(), gone.authorizerAppid(), false);

    Time.passes(Duration.ofSeconds(1));
    as(app).post("/api/v1/authorizers/adopt").then().statusCode(202);
    reconcileAll();

    as(app).get(path(gone)).then().body("status", equalTo("REVOKED"));
    as(app).get(path(there)).then().body("status", equalTo("ACTIVE"));
  }

  @Test
  void who_authorized_again_unnoticed_works_again() {
    AuthorizerId merchant = merchants.authorized(provider, app);
    sandbox.unauthorize(app.appid(), merchant.authorizerAppid(), false);
    as(app).post(path(merchant) + "/token/refresh").then().statusCode(409);
    merchants.authorizedElsewhere(provider, app, merchant.authorizerAppid());

    Time.passes(Duration.ofSeconds(1));
    as(app).post("/api/v1/authorizers/adopt").then().statusCode(202);
    reconcileAll();

    as(app).get(path(merchant)).then().body("status", equalTo("ACTIVE"));
  }

  private void reconcileAll() {
    while (reconciler.runDue(10) > 0) {
      continue;
    }
  }
}
