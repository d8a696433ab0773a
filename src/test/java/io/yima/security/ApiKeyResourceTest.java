package io.yima.security;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.yima.api.PageRequest;
import io.yima.database.DatabaseFailed;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.testsupport.Keys;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class ApiKeyResourceTest {

  @Inject Keys keys;
  @Inject SettableClock clock;
  @Inject ProviderDirectory providers;
  @Inject ProviderTransactions transactions;
  @Inject TransactionManager manager;
  @Inject AuditTrail audit;

  @AfterEach
  void return_to_today() {
    clock.reset();
  }

  @Test
  void a_key_is_shown_once_works_and_stops_at_once_when_revoked() {
    String provider = keys.newProvider();
    ValidatableResponse created =
        create(provider, "{\"name\":\"erp\",\"scopes\":[\"read\",\"write\"]}")
            .statusCode(201)
            .body("key", startsWith("yima_pk_"))
            .body("prefix", startsWith("yima_pk_"))
            .body("scopes", contains("read", "write"))
            .body("secret_sha256", nullValue());
    String key = created.extract().path("key");
    String id = created.extract().path("id");

    with(key).get("/api/v1/probe").then().statusCode(200).body("provider", equalTo(provider));
    await().untilAsserted(() -> list(provider).body("items[0].last_used_at", notNullValue()));
    list(provider).body("items", hasSize(1)).body("items[0].key", nullValue());
    operator().delete(path(provider) + "/" + id).then().statusCode(204);

    with(key).get("/api/v1/probe").then().statusCode(401);
    list(provider).body("items[0].revoked_at", notNullValue());
    operator().delete(path(provider) + "/" + id).then().statusCode(204);
  }

  /** As when this node was paused: the transaction manager has a clock of its own. */
  @Test
  void a_list_whose_transaction_took_too_long_is_told_as_trouble_of_the_database() {
    String provider = keys.newProvider();
    ApiKeyService slow = new ApiKeyService(new Slow(), providers, transactions, audit, clock);

    assertThatThrownBy(() -> slow.list(provider, PageRequest.of(null, null, "keys", provider)))
        .isInstanceOf(DatabaseFailed.class)
        .hasMessageContaining("took too long");
  }

  /** Keys whose transaction is rolled back behind their back. */
  private final class Slow extends ApiKeys {

    @Override
    List<ApiKey> list(ProviderId provider, Optional<UUID> after, int limit) {
      try {
        Transaction transaction = manager.getTransaction();
        assertThat(transaction).as("a transaction").isNotNull();
        CompletableFuture.runAsync(() -> rollBack(transaction)).join();
      } catch (SystemException e) {
        throw new IllegalStateException(e);
      }
      return super.list(provider, after, limit);
    }

    private void rollBack(Transaction transaction) {
      try {
        transaction.rollback();
      } catch (SystemException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void an_expired_key_is_refused() {
    String provider = keys.newProvider();
    String key =
        create(
                provider,
                "{\"name\":\"x\",\"scopes\":[\"read\"],\"expires_at\":\"%s\"}"
                    .formatted(clock.instant().plus(Duration.ofHours(1))))
            .statusCode(201)
            .extract()
            .path("key");

    with(key).get("/api/v1/probe").then().statusCode(200);
    clock.advance(Duration.ofHours(2));

    with(key).get("/api/v1/probe").then().statusCode(401).body("code", equalTo("api_key_invalid"));
  }

  @Test
  void a_restricted_key_reaches_its_authorizers_only() {
    String body = "{\"name\":\"x\",\"scopes\":[\"read\"],\"authorizer_appids\":[\"wxmine\"]}";
    String key = create(keys.newProvider(), body).statusCode(201).extract().path("key");

    with(key).get("/api/v1/probe/authorizers/wxmine").then().statusCode(200);
    with(key)
        .get("/api/v1/probe/authorizers/wxother")
        .then()
        .statusCode(403)
        .body("code", equalTo("authorizer_not_allowed"));
  }

  @Test
  void broken_rules_are_all_named() {
    create(
            keys.newProvider(),
            """
            {"name":" ","scopes":["gateway","read"],"authorizer_appids":[],
             "expires_at":"2020-01-01T00:00:00Z"}
            """)
        .statusCode(422)
        .body("code", equalTo("invalid"))
        .body(
            "errors.field",
            containsInAnyOrder("name", "scopes", "authorizer_appids", "expires_at"));
    create(keys.newProvider(), "{\"name\":\"x\",\"scopes\":[\"operator\"]}").statusCode(422);
    create(keys.newProvider(), "").statusCode(400).body("code", equalTo("body_required"));
    create(keys.newProvider(), "null").statusCode(400).body("code", equalTo("body_required"));
  }

  @Test
  void only_operators_manage_keys_and_only_of_the_provider_they_name() {
    String provider = keys.newProvider();
    String id = create(provider, "{\"name\":\"x\",\"scopes\":[\"read\"]}").extract().path("id");

    with(keys.newKey(provider, Scope.READ, Scope.WRITE))
        .get(path(provider))
        .then()
        .statusCode(403)
        .body("code", equalTo("operator_only"));
    operator()
        .delete(path(keys.newProvider()) + "/" + id)
        .then()
        .statusCode(404)
        .body("code", equalTo("key_not_found"));
    operator().delete(path(provider) + "/no-uuid").then().statusCode(404);
    create(Keys.newAppid(), "{}").statusCode(404).body("code", equalTo("provider_not_found"));
  }

  @Test
  void a_list_is_read_page_by_page() {
    String provider = keys.newProvider();
    for (int i = 0; i < 3; i++) {
      keys.newKey(provider, Scope.READ);
    }

    String next =
        operator()
            .get(path(provider) + "?limit=2")
            .then()
            .body("items", hasSize(2))
            .extract()
            .path("next");

    operator()
        .get(path(provider) + "?limit=2&after=" + next)
        .then()
        .body("items", hasSize(1))
        .body("next", nullValue());
    operator()
        .get(path(keys.newProvider()) + "?after=" + next)
        .then()
        .statusCode(422)
        .body("errors[0].field", equalTo("after"));
    operator().get(path(provider) + "?limit=501").then().statusCode(422);
    operator()
        .get(path(provider) + "?limit=many")
        .then()
        .statusCode(422)
        .body("errors[0].field", equalTo("limit"));
  }

  private static ValidatableResponse create(String provider, String body) {
    return operator().contentType("application/json").body(body).post(path(provider)).then();
  }

  private static ValidatableResponse list(String provider) {
    return operator().get(path(provider)).then().statusCode(200);
  }

  private static String path(String provider) {
    return "/api/v1/providers/" + provider + "/keys";
  }

  private static RequestSpecification operator() {
    return with(YimaTestResource.OPERATOR_KEY);
  }

  private static RequestSpecification with(String key) {
    return given().auth().oauth2(key);
  }
}
