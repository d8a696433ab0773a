package io.yima.sandbox;

import static io.yima.sandbox.SandboxScene.errcode;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.yima.sandbox.SandboxCodes.Place;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The use of codes, as the pretend WeChat speaks it [M4], [M5], [M6]. */
class SandboxActivationTest {

  private SandboxScene scene;
  private String token;
  private long application;

  @BeforeEach
  void open() throws Exception {
    scene = SandboxScene.withPlatform();
    scene.control("PUT", "settings", "{'odd':false,'string_id_every':1000000}");
    token = scene.authorized(scene.componentToken()).accessToken();
    application = scene.apply(token, "a", 10_000).path("application_id").asLong();
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void codes_are_bound_once_they_are_made() throws Exception {
    assertThat(errcode(activate(0, 200, "4006381333931"))).isEqualTo(40097);
    scene.clock.advance(Duration.ofMinutes(1));

    assertThat(errcode(activate(0, 200, "4006381333931"))).isZero();
    assertThat(errcode(activate(9_999, 10_000, "4006381333931"))).isEqualTo(40097);
    assertThat(errcode(activate(5, 4, "4006381333931"))).isEqualTo(40097);
    assertThat(errcode(scene.marketcode("codeactive", token, "{'application_id':1}")))
        .isEqualTo(40097);
  }

  @Test
  void the_last_word_about_a_code_counts_unless_the_setting_says_otherwise() throws Exception {
    scene.clock.advance(Duration.ofMinutes(1));
    activate(0, 200, "4006381333931");
    activate(100, 150, "73513537");

    assertThat(
            query("'application_id':%d,'code_index':99".formatted(application))
                .path("product_code")
                .asText())
        .isEqualTo("4006381333931");
    JsonNode anew = query("'application_id':%d,'code_index':100".formatted(application));
    assertThat(anew.path("product_code").asText()).isEqualTo("73513537");
    assertThat(anew.path("code_start").asInt()).isEqualTo(100);
    assertThat(anew.path("wxa_type").asInt()).isEqualTo(2);

    scene.control("PUT", "settings", "{'reactivation':'error'}");
    assertThat(errcode(activate(150, 160, "73513537"))).isEqualTo(40097);
  }

  @Test
  void a_bar_code_that_nobody_knows_is_reviewed_for_a_day() throws Exception {
    scene.clock.advance(Duration.ofMinutes(1));
    scene.control("PUT", "settings", "{'token_life':'PT96H'}");
    token = scene.authorized(scene.componentToken()).accessToken();
    scene.control("POST", "bar-codes", "{'product_code':'96385074','registered':false}");

    assertThat(errcode(activate(0, 9, "96385074"))).isEqualTo(1);
    assertThat(errcode(activate(0, 9, "73513537"))).isZero();
    scene.clock.advance(Duration.ofHours(23));
    assertThat(errcode(activate(10, 19, "96385074"))).isEqualTo(1);
    scene.clock.advance(Duration.ofHours(2));
    assertThat(errcode(activate(10, 19, "96385074"))).isZero();
  }

  @Test
  void a_code_is_found_in_three_ways_and_zero_is_an_index() throws Exception {
    scene.clock.advance(Duration.ofMinutes(1));
    Place first = new Place(application, 0);

    for (String reference :
        new String[] {
          "'application_id':%d,'code_index':0".formatted(application),
          "'code':'%s'".formatted(SandboxCodes.code(first)),
          "'code_url':'%s'".formatted(SandboxCodes.url(first))
        }) {
      assertThat(query(reference).path("code").asText()).isEqualTo(SandboxCodes.code(first));
    }
    assertThat(query("'code':'none'").path("errcode").asInt()).isEqualTo(40097);
    assertThat(
            query("'application_id':%d,'code_index':10000".formatted(application))
                .path("errcode")
                .asInt())
        .isEqualTo(40097);
    assertThat(query("'application_id':%d".formatted(application)).path("errcode").asInt())
        .isEqualTo(47001);
    assertThat(query("'application_id':%d,'code_index':0".formatted(application)).has("wxa_appid"))
        .isFalse();
    scene.control("PUT", "settings", "{'inactive_code':'error'}");
    assertThat(errcode(query("'application_id':%d,'code_index':0".formatted(application))))
        .isEqualTo(40097);
  }

  @Test
  void a_scan_s_ticket_is_its_user_s_and_lives_for_a_while() throws Exception {
    scene.clock.advance(Duration.ofMinutes(1));
    assertThat(scan("oUser").statusCode()).isEqualTo(409);
    activate(0, 9, "73513537");
    String ticket = SandboxScene.json(scan("oUser")).path("code_ticket").asText();
    scan("oOther");

    JsonNode code = exchange("oUser", ticket);
    assertThat(ticket).matches("[0-9a-f]{32}");
    assertThat(code.path("code").asText()).isEqualTo(SandboxCodes.code(new Place(application, 0)));
    assertThat(code.path("wxa_path").asText()).isEqualTo("pages/a");
    assertThat(code.has("wxa_type")).isFalse();
    assertThat(exchange("oOther", ticket).path("errmsg").asText()).contains("code_ticket");
    assertThat(exchange("oNobody", ticket).path("errmsg").asText()).contains("openid");
    scene.clock.advance(Duration.ofMinutes(31));
    assertThat(errcode(exchange("oUser", ticket))).isEqualTo(40097);
  }

  private JsonNode activate(long start, long end, String barCode) throws Exception {
    return scene.marketcode(
        "codeactive",
        token,
        "{'application_id':%d,'activity_name':'a','product_brand':'b','product_title':'c','product_code':'%s','wxa_appid':'wxp','wxa_path':'pages/a','wxa_type':2,'code_start':%d,'code_end':%d}"
            .formatted(application, barCode, start, end));
  }

  private JsonNode query(String reference) throws Exception {
    return scene.marketcode("codeactivequery", token, "{" + reference + "}");
  }

  private java.net.http.HttpResponse<String> scan(String openid) throws Exception {
    return scene.controlResponse(
        "POST",
        "code-tickets",
        "{'application_id':%d,'code_index':0,'openid':'%s'}".formatted(application, openid));
  }

  private JsonNode exchange(String openid, String ticket) throws Exception {
    return scene.marketcode(
        "tickettocode", token, "{'openid':'%s','code_ticket':'%s'}".formatted(openid, ticket));
  }
}
