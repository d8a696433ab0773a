package io.yima.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.testsupport.Keys;
import io.yima.testsupport.Operations;
import io.yima.testsupport.Operations.Operation;
import io.yima.testsupport.RawHttp;
import io.yima.testsupport.RawHttp.Answer;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every operation against every kind of key. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class ScopeTest {

  private static final List<String> SCOPES =
      List.of(Scope.READ, Scope.WRITE, Scope.TOKENS, Scope.CODES, Scope.GATEWAY);

  @Inject Keys keys;
  @Inject Operations operations;

  @Test
  void each_scope_alone_opens_the_operations_that_ask_for_it_and_no_others() {
    String provider = keys.newProvider();
    Map<String, String> scoped = new HashMap<>();
    SCOPES.forEach(scope -> scoped.put(scope, keys.newKey(provider, scope)));

    for (Operation operation : operations.all()) {
      for (String scope : SCOPES) {
        Answer answer = ask(scoped.get(scope), operation);
        if (operation.roles().contains(scope)) {
          assertThat(answer.status()).as("%s with %s", operation, scope).isNotIn(401, 403);
        } else {
          assertThat(answer.status()).as("%s with %s", operation, scope).isEqualTo(403);
          assertThat(answer.problem())
              .isEqualTo(
                  operation.roles().contains(Scope.OPERATOR) ? "operator_only" : "scope_missing");
        }
      }
    }
    row("each scope alone against each operation", operations.all().size() * SCOPES.size());
  }

  @Test
  void a_gateway_key_reaches_nothing_of_the_api() {
    String gateway = keys.newKey(keys.newProvider(), Scope.GATEWAY);

    assertThat(operations.all())
        .isNotEmpty()
        .allSatisfy(operation -> assertThat(ask(gateway, operation).status()).isEqualTo(403));
  }

  @Test
  void keys_that_no_longer_hold_reach_nothing() {
    String provider = keys.newProvider();
    String archived = keys.newKey(provider, Scope.READ, Scope.WRITE, Scope.TOKENS, Scope.CODES);
    keys.archive(provider);

    for (Operation operation : operations.all()) {
      for (RawHttp caller : List.of(RawHttp.as(archived), RawHttp.anonymous())) {
        Answer answer = caller.send(operation.method(), operation.at("wxsomebody"));
        assertThat(answer.status()).as(operation.toString()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).contains("Bearer");
        answer.problem();
      }
    }
    row(
        "no key, or one of an archived provider, against each operation",
        2L * operations.all().size());
  }

  @Test
  void an_operator_says_for_whom_on_every_path_of_a_tenant() {
    for (Operation operation : operations.all()) {
      Answer answer = ask(YimaTestResource.OPERATOR_KEY, operation);
      if (operation.roles().contains(Scope.OPERATOR)) {
        assertThat(answer.status()).as(operation.toString()).isNotIn(401, 403);
      } else if (answer.status() != 400 || !answer.problem().equals("body_required")) {
        assertThat(answer.problem()).as(operation.toString()).isEqualTo("provider_required");
      }
    }
  }

  @Test
  void a_restricted_key_is_refused_wherever_another_appid_stands_without_a_look_at_it() {
    String provider = keys.newProvider();
    String mine = keys.newAuthorizer(provider);
    String others = keys.newAuthorizer(provider);
    String restricted =
        keys.newRestrictedKey(
            provider, List.of(mine), Scope.READ, Scope.WRITE, Scope.TOKENS, Scope.CODES);
    long times = 0;

    for (Operation operation : operations.all()) {
      if (!operation.path().contains("{authorizer_appid}")) {
        continue;
      }
      for (String appid : List.of(others, Keys.newAppid(), "%20", "%00")) {
        String address =
            operation.path().replace("{authorizer_appid}", appid).replaceAll("\\{[^}]*}", "x");
        Answer answer = RawHttp.as(restricted).send(operation.method(), address);
        assertThat(answer.status()).as(operation + " " + appid).isEqualTo(403);
        assertThat(answer.problem()).isEqualTo("authorizer_not_allowed");
        times++;
      }
      assertThat(
              RawHttp.as(restricted)
                  .send(
                      operation.method(),
                      operation
                          .path()
                          .replace("{authorizer_appid}", mine)
                          .replaceAll("\\{[^}]*}", "x"))
                  .status())
          .as(operation.toString())
          .isNotEqualTo(403);
    }
    for (Operation operation : operations.all()) {
      if (operation.query().contains("authorizer_appid")
          && !operation.roles().contains(Scope.OPERATOR)) {
        Answer answer =
            RawHttp.as(restricted)
                .send(operation.method(), operation.path() + "?authorizer_appid=" + others);
        assertThat(answer.problem()).isEqualTo("authorizer_not_allowed");
        times++;
      }
    }
    Robustness.row(
        "Dialect",
        "another merchant's, an unknown or an impossible appid with a restricted key",
        times,
        "403 authorizer_not_allowed, alike for all");
  }

  @Test
  void a_restricted_key_brings_in_nobody_but_its_own_merchants() {
    String provider = keys.newProvider();
    String mine = keys.newAuthorizer(provider);
    keys.newAuthorizer(provider);
    String restricted = keys.newRestrictedKey(provider, List.of(mine), Scope.READ, Scope.WRITE);

    assertThat(RawHttp.as(restricted).send("POST", "/api/v1/authorizers/adopt").problem())
        .isEqualTo("authorizer_not_allowed");
    for (String body : List.of("{}", "{\"biz_appid\":\"wxother\"}", "{\"biz_appid\":null}")) {
      assertThat(invite(restricted, body).problem()).isEqualTo("authorizer_not_allowed");
    }
    assertThat(invite(restricted, "{\"biz_appid\":\"" + mine + "\"}").status()).isEqualTo(201);
    assertThat(
            RawHttp.as(restricted)
                .send("GET", "/api/v1/authorizers")
                .json()
                .getList("items.authorizer_appid"))
        .isEqualTo(List.of(mine));
  }

  private static Answer invite(String key, String body) {
    return RawHttp.as(key)
        .send("POST", "/api/v1/authorization-links", body.getBytes(StandardCharsets.UTF_8));
  }

  private static Answer ask(String key, Operation operation) {
    return RawHttp.as(key).send(operation.method(), operation.at("wxsomebody"));
  }

  private static void row(String tried, long times) {
    Robustness.row("Dialect", tried, times, "as the table of scopes says: 401, 403, or let in");
  }
}
