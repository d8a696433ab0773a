package io.yima.sandbox;

import static io.yima.sandbox.SandboxScene.errcode;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SandboxMarketcodeTest {

  private SandboxScene scene;
  private String component;
  private String token;

  @BeforeEach
  void open() throws Exception {
    scene = SandboxScene.withPlatform();
    component = scene.componentToken();
    token = scene.authorized(component).accessToken();
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private JsonNode query(String body) throws Exception {
    return scene.marketcode("applycodequery", token, body);
  }

  private String merchant(String fields) throws Exception {
    scene.control("POST", "accounts", "{'appid':'wxm'," + fields + "}");
    return scene.authorized(component, "wxm", "[46]").accessToken();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 40002",
    "9999, 40002",
    "10001, 40002",
    "15000, 40002",
    "20010000, 40002",
    "-10000, 40002",
    "10000, 0",
    "20000000, 0"
  })
  void the_count_is_a_multiple_of_ten_thousand_up_to_twenty_million(long count, int errcode)
      throws Exception {
    assertThat(errcode(scene.apply(token, "a", count))).isEqualTo(errcode);
  }

  @Test
  void parameters_that_are_missing_or_of_another_type_are_refused() throws Exception {
    for (String body :
        List.of(
            "{'code_count':10000}",
            "{'isv_application_id':'a'}",
            "{'code_count':'10000','isv_application_id':'a'}",
            "{'code_count':10000,'isv_application_id':''}",
            "{'code_count':10000,'isv_application_id':7}")) {
      assertThat(errcode(scene.marketcode("applycode", token, body))).as(body).isEqualTo(47001);
    }
    assertThat(errcode(scene.apply(token, "x".repeat(129), 10_000))).isEqualTo(40002);
    assertThat(errcode(query("{}"))).isEqualTo(47001);
    assertThat(errcode(query("{'isv_application_id':'unknown'}"))).isEqualTo(40097);
  }

  @Test
  void the_same_isv_application_id_is_the_same_application() throws Exception {
    long first = scene.apply(token, "a", 10_000).path("application_id").asLong();

    assertThat(scene.apply(token, "a", 10_000).path("application_id").asLong()).isEqualTo(first);
    assertThat(scene.apply(token, "a", 20_000).path("application_id").asLong()).isEqualTo(first);
    assertThat(first).isGreaterThan(Integer.MAX_VALUE);
    JsonNode counters = scene.counters();
    assertThat(counters.path("applications_created").asInt()).isEqualTo(1);
    assertThat(counters.path("duplicate_apply_calls").asInt()).isEqualTo(2);
    JsonNode listed = scene.control("GET", "applications", "");
    assertThat(listed).hasSize(1);
    assertThat(listed.at("/0/apply_calls").asInt()).isEqualTo(3);
    assertThat(listed.at("/0/code_count").asInt()).isEqualTo(10_000);
    assertThat(scene.control("GET", "applications?authorizer_appid=" + SandboxScene.MERCHANT, ""))
        .isEqualTo(listed);
    assertThat(scene.control("GET", "applications?authorizer_appid=wxanother", "")).isEmpty();

    scene.control("PUT", "settings", "{'same_id_other_count':'error'}");
    assertThat(errcode(scene.apply(token, "a", 20_000))).isEqualTo(40002);
  }

  @Test
  void a_merchant_s_calls_are_counted_by_interface_and_day_until_the_limit() throws Exception {
    scene.control("PUT", "settings", "{'daily_limit':2,'token_life':'PT24H'}");
    token = scene.authorized(component).accessToken();
    scene.apply(token, "a", 10_000);
    assertThat(quota("applycode").toString())
        .isEqualTo("{\"daily_limit\":2,\"used\":1,\"remain\":1}");
    scene.apply(token, "b", 10_000);

    assertThat(errcode(scene.apply(token, "c", 10_000))).isEqualTo(45009);

    assertThat(quota("applycode").path("remain").asLong()).isZero();
    assertThat(errcode(query("{'isv_application_id':'a'}"))).isZero();
    assertThat(quota("applycodequery").path("used").asLong()).isEqualTo(1);
    // It was four in the afternoon in Shanghai.
    scene.clock.advance(Duration.ofHours(8));
    assertThat(quota("applycode").path("used").asLong()).isZero();
    assertThat(errcode(scene.apply(token, "c", 10_000))).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "intp/marketcode/applycode, 76003",
    "/sns/userinfo, 76022",
    "/intp/marketcode/unheardof, 76021"
  })
  void not_every_path_has_a_quota_that_is_told(String path, int errcode) throws Exception {
    assertThat(errcode(getQuota(path))).isEqualTo(errcode);
  }

  private JsonNode quota(String api) throws Exception {
    return getQuota("/intp/marketcode/" + api).path("quota");
  }

  private JsonNode getQuota(String path) throws Exception {
    return SandboxScene.json(
        scene.post(
            "/cgi-bin/openapi/quota/get?access_token=" + token,
            "{'cgi_path':'%s'}".formatted(path)));
  }

  @Test
  void another_account_has_applications_of_its_own_unless_the_platform_is_the_scope()
      throws Exception {
    String other = merchant("'nick_name':'two'");
    long first = scene.apply(token, "a", 10_000).path("application_id").asLong();

    assertThat(scene.apply(other, "a", 10_000).path("application_id").asLong()).isNotEqualTo(first);
    assertThat(
            errcode(
                scene.marketcode(
                    "applycodequery", other, "{'application_id':%d}".formatted(first))))
        .isEqualTo(40097);
    scene.control("PUT", "settings", "{'isv_scope':'platform'}");
    long third = scene.apply(token, "b", 10_000).path("application_id").asLong();
    assertThat(scene.apply(other, "b", 10_000).path("application_id").asLong()).isEqualTo(third);
  }

  @Test
  void an_application_goes_from_init_over_processing_to_finish_with_ranges_of_50000()
      throws Exception {
    scene.control("PUT", "settings", "{'odd':false}");
    long id = scene.apply(token, "a", 120_000).path("application_id").asLong();
    assertThat(query("{'application_id':%d}".formatted(id)).path("status").asText())
        .isEqualTo("INIT");

    scene.clock.advance(Duration.ofSeconds(7));
    JsonNode processing = query("{'isv_application_id':'a'}");
    assertThat(processing.path("status").asText()).isEqualTo("PROCESSING");
    assertThat(processing.path("code_generate_list")).isEmpty();

    scene.clock.advance(Duration.ofSeconds(8));
    JsonNode done = query("{'application_id':'%d','isv_application_id':'a'}".formatted(id));
    assertThat(done.path("status").asText()).isEqualTo("FINISH");
    assertThat(done.path("application_id").asLong()).isEqualTo(id);
    assertThat(done.path("code_generate_list").findValuesAsText("code_start"))
        .containsExactly("0", "50000", "100000");
    assertThat(done.path("code_generate_list").findValuesAsText("code_end"))
        .containsExactly("49999", "99999", "119999");
    assertThat(done.path("create_time").asLong()).isEqualTo(1772352000);
    assertThat(done.path("update_time").asLong()).isEqualTo(1772352015);
  }

  @Test
  void answers_leave_fields_out_and_turn_numbers_into_strings_now_and_then() throws Exception {
    List<String> shapes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      shapes.add(scene.apply(token, "a", 10_000).path("application_id").getNodeType().name());
    }
    List<JsonNode> answers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      answers.add(query("{'isv_application_id':'a'}"));
    }

    assertThat(shapes).containsExactly("NUMBER", "NUMBER", "STRING");
    assertThat(answers.get(1).has("application_id")).isFalse();
    assertThat(answers.get(1).has("create_time")).isFalse();
    assertThat(answers.get(2).path("create_time").isTextual()).isTrue();
    assertThat(answers.get(0).path("create_time").isNumber()).isTrue();
  }

  @Test
  void a_test_can_write_any_status_and_any_answer() throws Exception {
    long id = scene.apply(token, "a", 10_000).path("application_id").asLong();

    scene.control("PUT", "applications/" + id, "{'status':'SLEEPING'}");
    assertThat(query("{'isv_application_id':'a'}").path("status").asText()).isEqualTo("SLEEPING");
    scene.control("PUT", "applications/" + id, "{'answer':{'errcode':0,'strange':[1]}}");
    assertThat(query("{'isv_application_id':'a'}").toString())
        .isEqualTo("{\"errcode\":0,\"strange\":[1]}");
    scene.control("PUT", "applications/" + id, "{}");
    assertThat(query("{'isv_application_id':'a'}").path("status").asText()).isEqualTo("INIT");
  }

  @Test
  void set_46_and_the_opened_feature_are_two_gates() throws Exception {
    String without = scene.authorized(component, SandboxScene.MERCHANT, "[1,2]").accessToken();
    assertThat(errcode(scene.apply(without, "a", 10_000))).isEqualTo(61007);
    assertThat(errcode(scene.apply(merchant("'features':[]"), "a", 10_000))).isEqualTo(48001);
    assertThat(
            errcode(
                scene.apply(merchant("'features':['marketcode'],'service_type':0"), "a", 10_000)))
        .isEqualTo(48001);
    assertThat(errcode(scene.apply(merchant("'service_type':2,'account_status':19"), "a", 10_000)))
        .isEqualTo(50002);
  }

  @Test
  void the_token_travels_in_access_token_only() throws Exception {
    var response = scene.post("/intp/marketcode/applycode?component_access_token=" + token, "{}");

    assertThat(errcode(SandboxScene.json(response))).isEqualTo(41001);
    assertThat(errcode(scene.apply("made-up", "a", 10_000))).isEqualTo(40001);
    assertThat(scene.counters().path("results").path("/intp/marketcode/applycode 40001").asInt())
        .isEqualTo(1);
  }
}
