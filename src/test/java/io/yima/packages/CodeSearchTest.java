package io.yima.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.codes.ApplicationKey;
import io.yima.codes.OrderScene;
import io.yima.database.WorkerDatabase;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.ApplicationStatus.CodeRange;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which index a code has that is known by its text. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class CodeSearchTest {

  private static final String ORDER = "order-1";

  @Inject CodeSearch search;
  @Inject PackageDownloads downloads;
  @Inject WorkerDatabase database;

  private OrderScene scene;
  private String merchant;

  @BeforeEach
  void finish() {
    scene = OrderScene.open();
    merchant = scene.merchant();
    scene
        .asProvider()
        .body(Map.of("key", scene.sandbox.account(merchant).getString("code_key")))
        .put("/api/v1/authorizers/" + merchant + "/code-key");
    scene.order(merchant, ORDER, 250_000).statusCode(201);
    Time.passes(Duration.ofHours(1));
    OrderScene.syncDue();
    Time.passes(Duration.ofMinutes(1));
  }

  private void fetchDue() {
    while (downloads.runDue(2) > 0) {
      // Until nothing is due any more.
    }
  }

  private OptionalLong find(long codeStart, long codeEnd, String text) {
    return search.indexOf(
        new ApplicationKey(new AuthorizerId(scene.provider(), merchant), ORDER),
        new CodeRange(codeStart, codeEnd),
        Secret.of(text));
  }

  private List<String> columns(long index) {
    String row =
        scene
            .get(OrderScene.application(merchant, ORDER, "/codes/" + index))
            .statusCode(200)
            .extract()
            .path("row");
    return List.of(row.split("\\s+"));
  }

  @Test
  void a_code_is_found_by_what_it_is_and_by_what_is_printed() {
    fetchDue();

    for (long index : List.of(0L, 1_999L, 2_000L, 49_999L, 50_000L, 123_456L)) {
      long start = Math.max(0, index - 100_000);
      long end = start + CodeSearch.MOST - 1;
      assertThat(find(start, end, columns(index).get(1))).hasValue(index);
      assertThat(find(start, end, columns(index).getLast())).hasValue(index);
      assertThat(find(index, index, columns(index).getLast())).hasValue(index);
    }
  }

  @Test
  void what_is_not_among_the_codes_of_the_range_is_not_found() {
    fetchDue();
    String code = columns(7).get(1);
    String url = columns(7).getLast();

    assertThat(find(0, 6, code)).isEmpty();
    assertThat(find(8, 60_000, url)).isEmpty();
    for (String text :
        List.of(
            code.substring(1),
            code.substring(0, code.length() - 1),
            url.substring("P.URL.CN/".length()),
            url + " ",
            code + "\t" + url,
            "7",
            "码",
            "x".repeat(1_000))) {
      assertThat(find(0, 49_999, text)).as(text).isEmpty();
    }
  }

  @Test
  void more_codes_than_a_request_can_wait_for_are_not_searched() {
    fetchDue();
    String code = columns(7).get(1);

    assertThat(find(0, CodeSearch.MOST, code)).isEmpty();
    assertThat(find(0, CodeSearch.MOST - 1, code)).hasValue(7);
  }

  @Test
  void what_is_not_stored_or_cannot_be_read_is_not_told() {
    assertThat(find(0, 49_999, "P.URL.CN/0U.0000000000000000")).isEmpty();
    fetchDue();
    String code = columns(7).get(1);
    forgetPlaces();

    assertThat(find(0, 49_999, code)).isEmpty();
  }

  private void forgetPlaces() {
    database.transaction(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "update code_package set place = 'file:gone' where authorizer_appid = ?")) {
            update.setString(1, merchant);
            return update.executeUpdate();
          }
        });
  }
}
