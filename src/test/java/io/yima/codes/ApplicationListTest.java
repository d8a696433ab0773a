package io.yima.codes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.testsupport.YimaTestResource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists and filters of applications. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class ApplicationListTest {

  private static final String ALL = "/api/v1/code-applications";

  private OrderScene scene;
  private String merchant;

  @BeforeEach
  void open() {
    scene = OrderScene.open();
    merchant = scene.merchant();
  }

  @Test
  void pages_go_from_new_to_old_and_leave_nothing_out() {
    String other = scene.merchant();
    for (int i = 0; i < 5; i++) {
      scene.order(i % 2 == 0 ? merchant : other, "order-" + i).statusCode(201);
    }

    List<String> seen = new ArrayList<>();
    String next = ALL + "?limit=2";
    while (next != null) {
      var page = scene.get(next).statusCode(200).extract().jsonPath();
      seen.addAll(page.getList("items.isv_application_id"));
      String cursor = page.getString("next");
      next = cursor == null ? null : ALL + "?limit=2&after=" + cursor;
    }

    assertThat(seen).containsExactly("order-4", "order-3", "order-2", "order-1", "order-0");
    scene
        .get(OrderScene.applications(merchant))
        .body("items.isv_application_id", contains("order-4", "order-2", "order-0"));
  }

  @Test
  void filters_narrow_the_list() {
    String id = scene.order(merchant, "order-1").extract().path("application_id").toString();
    String requestedAt = scene.application(merchant, "order-1").extract().path("requested_at");
    scene.applyFails(OrderScene.errcode(61004), 1);
    scene.order(merchant, "order-2").statusCode(202);

    assertThat(found("state=SUBMITTED")).containsExactly("order-1");
    assertThat(found("application_id=" + id)).containsExactly("order-1");
    assertThat(found("stuck=true")).containsExactly("order-2");
    assertThat(found("stuck=false")).containsExactly("order-1");
    assertThat(found("authorizer_appid=" + merchant)).containsExactly("order-2", "order-1");
    assertThat(found("authorizer_appid=wxnobody")).isEmpty();
    assertThat(found("requested_from=" + requestedAt)).containsExactly("order-2", "order-1");
    assertThat(found("requested_to=" + requestedAt)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state=DONE",
        "application_id=x",
        "stuck=maybe",
        "requested_from=yesterday",
        "requested_to=2026-13-01T00:00:00Z",
        "authorizer_appid=a/b",
        "isv_application_id=..",
        "limit=0",
        "limit=501",
        "limit=x",
        "after=x"
      })
  void what_cannot_be_understood_is_told(String filter) {
    scene
        .get(ALL + "?" + filter)
        .statusCode(422)
        .body("errors[0].field", equalTo(filter.substring(0, filter.indexOf('='))));
  }

  private List<String> found(String filter) {
    return scene.get(ALL + "?" + filter).statusCode(200).extract().path("items.isv_application_id");
  }
}
