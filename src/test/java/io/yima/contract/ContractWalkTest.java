package io.yima.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.contract.Description.Operation;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.YimaTestResource;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Walks the committed description and calls every operation that it tells, so that an operation
 * that is added is tried as well: each answer is one that is described, the tables stay as they
 * are, and nothing of another tenant is shown.
 */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractWalkTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SUBJECT = "OpenAPI";
  private static final int BODIES = 100;
  private static final long SEED = Long.getLong("contract.seed", 20261125L);

  /** What a caller chooses for itself: another tenant's choice is not the other tenant's thing. */
  private static final Set<String> CHOSEN = Set.of("body isv_application_id", "body biz_appid");

  private final Description description = Description.committed();
  private final Answers answers = new Answers(description.closed());
  private Tenant mine;
  private Tenant other;
  private TableDigest tables;

  @BeforeEach
  void open() {
    if (mine != null) {
      return;
    }
    mine = new Tenant();
    other = new Tenant();
    tables = new TableDigest();
  }

  @Test
  void without_a_good_key_every_operation_of_the_api_is_401() {
    int before = answers.checked();
    Map<String, String> rows = tables.ofEverything();
    each(
        apiOperations(),
        operation -> {
          for (String authorization :
              List.of(
                  "",
                  "Bearer",
                  "Bearer x",
                  "Basic dXNlcjpwYXNz",
                  mine.key,
                  "Bearer " + mine.key.substring(0, mine.key.length() - 1),
                  "Bearer yima_pk_" + "0".repeat(mine.key.length() - 8),
                  "Bearer " + mine.key + " " + mine.key)) {
            Call call = Call.of(operation, description, mine, null);
            if (!authorization.isEmpty()) {
              call.headers.put("Authorization", authorization);
            }
            assertThat(sent(call, other.secrets(), "bad key").statusCode())
                .as("%s with '%s'", operation, authorization)
                .isEqualTo(401);
          }
        });
    assertThat(tables.ofEverything()).isEqualTo(rows);
    row(
        "every operation under /api without, with a mistyped and with an unknown key",
        before,
        "401, tables unchanged");
  }

  @Test
  void with_every_scope_but_the_right_one_every_operation_is_403() {
    Map<String, String> keys = new HashMap<>();
    for (String scope : Tenant.SCOPES) {
      keys.put(
          scope,
          mine.makeKey(Tenant.SCOPES.stream().filter(s -> !s.equals(scope)).toList(), null)
              .get("key"));
    }
    keys.put("operator", mine.key);
    int before = answers.checked();
    Map<String, String> rows = tables.ofEverything();
    each(
        apiOperations(),
        operation -> {
          String scope = operation.scope().orElseThrow();
          HttpResponse<String> answer =
              sent(
                  Call.of(operation, description, mine, keys.get(scope)),
                  other.secrets(),
                  "no scope");
          assertThat(answer.statusCode()).as("%s", operation).isEqualTo(403);
          assertThat(Answers.code(answer))
              .as("%s", operation)
              .isEqualTo(scope.equals("operator") ? "operator_only" : "scope_missing");
        });
    assertThat(tables.ofEverything()).isEqualTo(rows);
    row("every operation under /api with every scope but its own", before, "403, tables unchanged");
  }

  @Test
  void a_key_for_another_merchant_is_403_wherever_one_is_named() {
    String key = mine.makeKey(Tenant.SCOPES, List.of(mine.otherMerchant)).get("key");
    List<String> hidden = new ArrayList<>(other.secrets());
    hidden.addAll(List.of(mine.merchant, mine.application, mine.applicationId, mine.token));
    int before = answers.checked();
    Map<String, String> rows = tables.ofEverything();
    each(
        apiOperations(),
        operation -> {
          if (Problems.codes(operation, 403).contains("authorizer_not_allowed")) {
            Call call = Call.of(operation, description, mine, key);
            if (operation.names("authorizer_appid") && !call.path.containsKey("authorizer_appid")) {
              call.query.put("authorizer_appid", mine.merchant);
            }
            HttpResponse<String> answer = sent(call, hidden, "restricted key");
            assertThat(answer.statusCode()).as("%s", operation).isEqualTo(403);
            assertThat(Answers.code(answer))
                .as("%s", operation)
                .isEqualTo("authorizer_not_allowed");
          }
          if (operation.verb().equals("GET") && operation.path().indexOf('{') < 0) {
            sent(Call.of(operation, description, mine, key), hidden, "restricted key");
          }
        });
    assertThat(tables.ofEverything()).isEqualTo(rows);
    row(
        "every operation that names or brings in a merchant, and every list, with a key for another one",
        before,
        "403, and lists without it; tables unchanged");
  }

  @Test
  void what_is_another_tenants_is_not_there_in_any_position() {
    int before = answers.checked();
    each(
        withoutGateway(),
        operation -> {
          Map<String, String> rows = tables.ofEverything();
          List<Call> calls = withForeignNames(operation);
          for (Call call : calls) {
            HttpResponse<String> answer = sent(call, other.secrets(), "foreign names");
            if (answer.statusCode() < 300) {
              assertThat(operation.isApi()).as(call.text()).isTrue();
              JsonNode shown = Answers.json(answer.body(), call.text());
              assertThat(shown.path("items").size()).as(call.text()).isZero();
              assertThat(shown.path("refreshed").asBoolean()).as(call.text()).isFalse();
            } else {
              assertThat(answer.statusCode()).as(call.text()).isIn(403, 404, 422);
            }
          }
          assertThat(tables.ofEverything()).as("%s", operation).isEqualTo(rows);
        });
    row(
        "another tenant's names in every position, one by one and together",
        before,
        "404, 403, 422 or nothing found; tables unchanged");
  }

  @Test
  void what_a_caller_may_choose_may_be_what_another_tenant_chose() {
    Tenant namesake = new Tenant();
    Map<String, String> rows = tables.of(other.app.appid());
    each(
        apiOperations(),
        operation -> {
          JsonNode example = operation.node().at("/requestBody/content/application~1json/example");
          for (String field : List.of("isv_application_id", "biz_appid")) {
            if (example.has(field)) {
              Call call = Call.of(operation, description, namesake, namesake.key);
              call.json(((ObjectNode) example.deepCopy()).put(field, other.own(field)));
              assertThat(sent(call, other.secrets(), "chosen").statusCode()).isEqualTo(201);
            }
          }
        });
    assertThat(tables.of(other.app.appid())).isEqualTo(rows);
  }

  @Test
  void generated_requests_get_described_answers_only() {
    int before = answers.checked();
    Tenant victim = new Tenant();
    Map<String, String> others = tables.of(other.app.appid());
    Map<Integer, Integer> statuses = new HashMap<>();
    each(
        destroyersLast(),
        operation -> {
          boolean operator = operation.scope().filter("operator"::equals).isPresent();
          Tenant caller = operator ? victim : mine;
          String key =
              operator ? YimaTestResource.OPERATOR_KEY : operation.isApi() ? mine.key : null;
          Map<String, String> bystanders = tables.ofAllBut(caller.app.appid());
          AtomicReference<Map<String, String>> rows =
              new AtomicReference<>(tables.of(caller.app.appid()));
          Set<String> failures = new LinkedHashSet<>();
          for (int i = 0; i < BODIES; i++) {
            long seed = SEED + 31L * operation.id().hashCode() + i;
            try {
              Call call = generated(operation, caller, key, seed);
              // Operators see every provider, but no secret.
              HttpResponse<String> answer =
                  sent(call, operator ? other.sealed() : other.secrets(), "seed " + seed);
              statuses.merge(answer.statusCode(), 1, Integer::sum);
              Map<String, String> now = tables.of(caller.app.appid());
              boolean changed = !now.equals(rows.get());
              rows.set(now);
              assertThat(changed && answer.statusCode() >= 400 && !triesFirst(operation, answer))
                  .as("rows changed; seed %d: %s\n%s", seed, call.text(), answer.body())
                  .isFalse();
            } catch (AssertionError e) {
              failures.add(e.getMessage());
            }
          }
          assertThat(failures).as("%s", operation).isEmpty();
          if (!operation.id().equals("registerProvider")) {
            assertThat(tables.ofAllBut(caller.app.appid()))
                .as("%s", operation)
                .isEqualTo(bystanders);
          }
          assertThat(tables.of(other.app.appid())).as("%s", operation).isEqualTo(others);
        });
    System.out.println("Answers to generated requests by status: " + statuses);
    assertThat(statuses).containsKeys(200, 201, 204, 400, 404, 422);
    row(
        BODIES + " generated requests for every operation",
        before,
        "described answers, tables unchanged by refusals, other tenants' rows unchanged");
  }

  /** What WeChat refuses was stored first: nothing is sent that is not in the ledger. */
  private static boolean triesFirst(Operation operation, HttpResponse<String> answer) {
    return Set.of("orderCodes", "activateCodes", "lookUpCode", "exchangeCodeTicket")
            .contains(operation.id())
        && answer.statusCode() == 422
        && Set.of("wechat_refused", "openid_invalid", "code_ticket_invalid")
            .contains(Answers.code(answer));
  }

  private Call generated(Operation operation, Tenant caller, String key, long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    OddValues odd = new OddValues(random);
    Call call = Call.of(operation, description, caller, key);
    if (key != null && key.equals(YimaTestResource.OPERATOR_KEY) && random.nextInt(4) == 0) {
      call.headers.put("Yima-Provider", caller.app.appid());
    }
    for (JsonNode parameter : operation.parameters()) {
      String example = parameter.path("example").asText();
      String place = parameter.path("in").asText();
      boolean odder = random.nextInt(place.equals("query") ? 2 : 5) == 0;
      if (odder && place.equals("header")) {
        String value = odd.header(parameter.path("schema"), example);
        if (!value.isEmpty()) {
          call.put(parameter, value);
        }
      } else if (odder) {
        String value = odd.parameter(parameter.path("schema"), example);
        // Nothing and dots in a path are another path.
        if (place.equals("query") || !value.matches("[. ]*")) {
          call.put(parameter, value);
        }
      }
    }
    if (operation.node().has("requestBody") || random.nextInt(10) == 0) {
      JsonNode example = operation.node().at("/requestBody/content/application~1json/example");
      call.headers.putIfAbsent("Content-Type", "application/json");
      call.body = odd.body(description.body(operation), example);
    }
    return call;
  }

  /** The same right request with another tenant's name in one position each, then in all. */
  private List<Call> withForeignNames(Operation operation) {
    List<Call> calls = new ArrayList<>();
    String key = operation.isApi() ? mine.key : null;
    Call all = Call.of(operation, description, mine, key);
    for (JsonNode parameter : operation.parameters()) {
      String foreign = other.own(parameter.path("name").asText());
      if (foreign != null) {
        Call one = Call.of(operation, description, mine, key);
        one.put(parameter, foreign);
        calls.add(one);
        all.put(parameter, foreign);
      }
    }
    JsonNode example = operation.node().at("/requestBody/content/application~1json/example");
    if (example.isObject()) {
      ObjectNode body = example.deepCopy();
      for (String field : fields(example)) {
        String foreign = other.own(field.replaceAll("s$", ""));
        if (foreign != null && !CHOSEN.contains("body " + field)) {
          ObjectNode one = example.deepCopy();
          replace(one, field, foreign);
          replace(body, field, foreign);
          Call call = Call.of(operation, description, mine, key);
          call.json(one);
          calls.add(call);
        }
      }
      all.json(body);
    }
    // Where no key is asked for, a whole address of another tenant's is just that tenant's.
    if (!calls.isEmpty() && operation.isApi()) {
      calls.add(all);
    }
    return calls;
  }

  private static void replace(ObjectNode body, String field, String value) {
    if (body.path(field).isArray()) {
      ArrayNode array = JSON.createArrayNode().add(value);
      body.set(field, array);
    } else {
      body.put(field, value);
    }
  }

  private static List<String> fields(JsonNode object) {
    List<String> fields = new ArrayList<>();
    object.fieldNames().forEachRemaining(fields::add);
    return fields;
  }

  /** Does it for each, and tells all that failed. */
  private static void each(List<Operation> operations, Consumer<Operation> action) {
    List<AssertionError> failures = new ArrayList<>();
    for (Operation operation : operations) {
      try {
        action.accept(operation);
      } catch (AssertionError e) {
        failures.add(e);
      }
    }
    assertThat(failures.stream().map(Throwable::getMessage)).isEmpty();
  }

  private HttpResponse<String> sent(Call call, List<String> foreign, String told) {
    HttpResponse<String> answer = call.send();
    answers.check(call, answer, foreign, told);
    return answer;
  }

  private List<Operation> apiOperations() {
    return description.operations().stream().filter(Operation::isApi).toList();
  }

  /** The gateway speaks WeChat's protocol and not this one; it has tests of its own. */
  private List<Operation> withoutGateway() {
    return description.operations().stream()
        .filter(operation -> !operation.path().startsWith("/gateway/"))
        .toList();
  }

  /** What takes away what others need comes when they are done. */
  private List<Operation> destroyersLast() {
    return withoutGateway().stream()
        .sorted(
            Comparator.comparing((Operation operation) -> operation.id().equals("archiveProvider"))
                .thenComparing(operation -> operation.verb().equals("DELETE")))
        .toList();
  }

  private void row(String tried, int before, String outcome) {
    Robustness.row(SUBJECT, tried, answers.checked() - before, outcome);
  }
}
