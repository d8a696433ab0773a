package io.yima.provider;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.YimaTestResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class ProviderResourceTest {

  private static final String PROVIDERS = "/api/v1/providers";

  private final ComponentApp app = ComponentApp.unheardOf();

  @Test
  void a_registration_tells_the_callback_addresses_and_warns_but_no_secret() {
    Response answer = operator().body(registration()).post(PROVIDERS);

    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
    JsonPath json = answer.jsonPath();
    assertThat(json.getString("status")).isEqualTo("ACTIVE");
    assertThat(json.getString("callback_urls.events"))
        .endsWith("/wechat/" + app.appid() + "/events");
    assertThat(json.getString("callback_urls.messages")).endsWith("/messages/$APPID$");
    assertThat(json.getString("callback_urls.authorized"))
        .endsWith("/wechat/" + app.appid() + "/authorized");
    assertThat(json.getString("warning")).isNotBlank();
    assertThat(answer.asString())
        .doesNotContain(app.appsecret(), app.messageToken(), app.encodingAesKey());
  }

  @Test
  void broken_rules_are_told_by_field_all_at_once() {
    Response answer =
        operator()
            .body(
                Map.of(
                    "component_appid", "not an appid",
                    "component_appsecret", "",
                    "message_token", "with blank",
                    "encoding_aes_key", "short",
                    "return_url", "javascript:alert(1)"))
            .post(PROVIDERS);

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.jsonPath().getList("errors.field"))
        .containsExactlyInAnyOrder(
            "component_appid",
            "name",
            "component_appsecret",
            "message_token",
            "encoding_aes_key",
            "return_url");
  }

  @Test
  void the_same_platform_is_registered_once() {
    operator().body(registration()).post(PROVIDERS);

    Response again = operator().body(registration()).post(PROVIDERS);

    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.jsonPath().getString("code")).isEqualTo("provider_exists");
  }

  @Test
  void a_change_touches_what_it_names_and_null_clears_the_return_url() {
    operator().body(registration()).post(PROVIDERS);
    String own = PROVIDERS + "/" + app.appid();

    operator().body(Map.of("return_url", "https://isv.example/back")).patch(own);
    JsonPath renamed = operator().body(Map.of("name", "Renamed")).patch(own).jsonPath();

    assertThat(renamed.getString("name")).isEqualTo("Renamed");
    assertThat(renamed.getString("return_url")).isEqualTo("https://isv.example/back");
    Map<String, String> nothing = new HashMap<>();
    nothing.put("return_url", null);
    operator().body(nothing).patch(own);
    assertThat(operator().get(own).jsonPath().getString("return_url")).isNull();
    assertThat(operator().body(Map.of("encoding_aes_key", "x")).patch(own).statusCode())
        .isEqualTo(422);
  }

  @Test
  void an_archived_provider_is_still_shown_and_does_not_change() {
    operator().body(registration()).post(PROVIDERS);
    String own = PROVIDERS + "/" + app.appid();

    assertThat(operator().delete(own).statusCode()).isEqualTo(204);
    assertThat(operator().delete(own).statusCode()).isEqualTo(204);

    assertThat(operator().get(own).jsonPath().getString("status")).isEqualTo("ARCHIVED");
    assertThat(operator().body(Map.of("name", "x")).patch(own).statusCode()).isEqualTo(409);
    assertThat(operator().get(PROVIDERS + "/wx-nobody").statusCode()).isEqualTo(404);
  }

  @Test
  void the_list_shows_every_provider_once_page_by_page() {
    List<String> registered = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ComponentApp one = ComponentApp.unheardOf();
      operator().body(registration(one)).post(PROVIDERS);
      registered.add(one.appid());
    }

    List<String> listed = new ArrayList<>();
    String next = null;
    do {
      RequestSpecification request = operator().queryParam("limit", 2);
      JsonPath page =
          (next == null ? request : request.queryParam("after", next)).get(PROVIDERS).jsonPath();
      listed.addAll(page.getList("items.component_appid", String.class));
      next = page.getString("next");
    } while (next != null);

    assertThat(listed).containsAll(registered).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void the_own_record_shows_how_ticket_and_token_stand() {
    operator().body(registration()).post(PROVIDERS);

    JsonPath own =
        operator().header("Yima-Provider", app.appid()).get("/api/v1/provider").jsonPath();

    assertThat(own.getString("component_appid")).isEqualTo(app.appid());
    assertThat(own.getString("ticket.state")).isEqualTo("NONE");
    assertThat(own.getString("component_token.state")).isEqualTo("NONE");
    assertThat(own.getMap("component_token"))
        .containsKeys("expires_at", "refreshed_at", "next_refresh_at", "attempts", "last_error");
    assertThat(own.getMap("ticket")).containsKeys("received_at", "age_seconds");
  }

  @Test
  void without_a_key_nothing_is_told() {
    assertThat(given().get(PROVIDERS).statusCode()).isEqualTo(401);
  }

  private static RequestSpecification operator() {
    return given()
        .header("Authorization", "Bearer " + YimaTestResource.OPERATOR_KEY)
        .contentType(ContentType.JSON);
  }

  private Map<String, String> registration() {
    return registration(app);
  }

  private static Map<String, String> registration(ComponentApp app) {
    return Map.of(
        "component_appid", app.appid(),
        "name", "Provider",
        "component_appsecret", app.appsecret(),
        "message_token", app.messageToken(),
        "encoding_aes_key", app.encodingAesKey());
  }
}
