package io.yima.sandbox;

import static io.yima.sandbox.SandboxScene.COMPONENT;
import static io.yima.sandbox.SandboxScene.MERCHANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxAuthorizationPageTest {

  private SandboxScene scene;
  private String token;

  @BeforeEach
  void open() throws Exception {
    scene = SandboxScene.withPlatform();
    scene.control("POST", "accounts", "{'appid':'wxmini','nick_name':'Mini','mini_program':true}");
    token = scene.componentToken();
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private String preAuthCode() throws Exception {
    return scene
        .api("api_create_preauthcode", token, "{'component_appid':'%s'}".formatted(COMPONENT))
        .path("pre_auth_code")
        .asText();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private String query(String code, String more) {
    return "?component_appid="
        + COMPONENT
        + "&pre_auth_code="
        + encode(code)
        + more
        + "&redirect_uri="
        + encode(scene.receiver.baseUrl() + "/wechat/x/authorized?link=7");
  }

  private HttpResponse<String> visit(String path) throws Exception {
    return scene.get(path, "Referer", scene.receiver.baseUrl() + "/");
  }

  /** Presses the button: posts the form to the address that the page names. */
  private HttpResponse<String> press(HttpResponse<String> page, String fields) throws Exception {
    Matcher action = Pattern.compile("action=\"([^\"]+)\"").matcher(page.body());
    assertThat(action.find()).isTrue();
    return scene.client.send(
        HttpRequest.newBuilder(
                URI.create(scene.server.baseUrl() + action.group(1).replace("&amp;", "&")))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", scene.server.baseUrl())
            .POST(BodyPublishers.ofString(fields))
            .build(),
        BodyHandlers.ofString());
  }

  @Test
  void a_person_chooses_an_account_ticks_sets_and_is_sent_back_with_a_code() throws Exception {
    HttpResponse<String> page =
        visit("/cgi-bin/componentloginpage" + query(preAuthCode(), "&auth_type=1"));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains("茶叶 &lt;店&gt;", "微信一物一码", "value=\"46\"")
        .doesNotContain("wxmini");

    HttpResponse<String> sent =
        press(page, "authorizer_appid=" + MERCHANT + "&permission_set=1&permission_set=46");

    assertThat(sent.statusCode()).isEqualTo(302);
    String location = sent.headers().firstValue("location").orElseThrow();
    assertThat(location)
        .startsWith(
            scene.receiver.baseUrl()
                + "/wechat/x/authorized?link=7&auth_code=queryauthcode%40%40%40")
        .endsWith("&expires_in=600");
    await().until(() -> !scene.receiver.of("authorized").isEmpty());
    EventReceiver.Event event = scene.receiver.of("authorized").getFirst();
    assertThat(location).contains(encode(event.field("AuthorizationCode")));
    assertThat(event.field("PreAuthCode")).startsWith("preauthcode@@@");
    assertThat(scene.queryAuth(token, event.field("AuthorizationCode")).findValuesAsText("id"))
        .containsExactly("1", "46");
  }

  @Test
  void the_mobile_page_and_auth_type_and_biz_appid_choose_what_is_shown() throws Exception {
    String mobile = "/wxaopen/safe/bindcomponent";
    assertThat(
            visit(mobile + query(preAuthCode(), "&auth_type=2&action=bindcomponent&no_scan=1"))
                .body())
        .contains("wxmini")
        .doesNotContain(MERCHANT);
    assertThat(visit(mobile + query(preAuthCode(), "&auth_type=3")).body())
        .contains("wxmini", MERCHANT);
    assertThat(visit(mobile + query(preAuthCode(), "&auth_type=1&biz_appid=wxmini")).body())
        .contains("wxmini")
        .doesNotContain(MERCHANT);
  }

  @Test
  void a_page_opened_from_elsewhere_is_refused() throws Exception {
    String path = "/cgi-bin/componentloginpage" + query(preAuthCode(), "&auth_type=1");

    assertThat(scene.get(path).statusCode()).isEqualTo(403);
    HttpResponse<String> refused = scene.get(path, "Referer", "https://elsewhere.example/page");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("registered domain", "授权入口页");

    scene.control("PUT", "settings", "{'check_origin':false}");
    assertThat(scene.get(path).statusCode()).isEqualTo(200);
  }

  @Test
  void a_code_that_is_unknown_used_or_expired_is_refused() throws Exception {
    String login = "/cgi-bin/componentloginpage";
    assertThat(visit(login + query("preauthcode@@@no", "")).body()).contains("预授权码无效");

    String used = preAuthCode();
    press(visit(login + query(used, "")), "authorizer_appid=" + MERCHANT + "&permission_set=46");
    assertThat(visit(login + query(used, "")).body()).contains("预授权码已被使用");

    String old = preAuthCode();
    scene.clock.advance(Duration.ofSeconds(1800));
    assertThat(visit(login + query(old, "")).body()).contains("预授权码已过期");
  }

  @Test
  void a_redirect_to_another_domain_is_refused() throws Exception {
    String query =
        "?component_appid="
            + COMPONENT
            + "&pre_auth_code="
            + encode(preAuthCode())
            + "&redirect_uri="
            + encode("https://elsewhere.example/");

    assertThat(visit("/cgi-bin/componentloginpage" + query).statusCode()).isEqualTo(400);
  }

  @Test
  void a_form_that_no_page_was_opened_for_or_from_a_foreign_page_is_refused() throws Exception {
    String path = "/cgi-bin/componentloginpage" + query(preAuthCode(), "");
    String form = "authorizer_appid=" + MERCHANT + "&permission_set=46";

    assertThat(scene.post(path, form).statusCode()).isEqualTo(403);
    visit(path);
    var foreign = scene.request(path, form).header("Origin", "https://elsewhere.example").build();
    assertThat(scene.client.send(foreign, BodyHandlers.ofString()).statusCode()).isEqualTo(403);
  }

  @Test
  void nothing_chosen_shows_the_page_again_and_an_account_not_offered_cannot_be_chosen()
      throws Exception {
    HttpResponse<String> page =
        visit("/cgi-bin/componentloginpage" + query(preAuthCode(), "&auth_type=1"));

    assertThat(press(page, "authorizer_appid=" + MERCHANT).body()).contains("请选择帐号和权限集");
    assertThat(press(page, "authorizer_appid=wxmini&permission_set=46").body())
        .contains("请选择帐号和权限集");
  }

  @Test
  void scanning_again_pushes_an_update_only_when_the_sets_changed() throws Exception {
    scene.authorized(token, MERCHANT, "[1,46]");
    String login = "/cgi-bin/componentloginpage";

    press(
        visit(login + query(preAuthCode(), "")),
        "authorizer_appid=" + MERCHANT + "&permission_set=1&permission_set=46");
    press(
        visit(login + query(preAuthCode(), "")),
        "authorizer_appid=" + MERCHANT + "&permission_set=1");

    await().until(() -> !scene.receiver.of("updateauthorized").isEmpty());
    assertThat(scene.receiver.of("updateauthorized")).hasSize(1);
    assertThat(scene.receiver.of("authorized")).isEmpty();
  }
}
