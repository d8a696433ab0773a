package io.yima.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Keys;
import io.yima.testsupport.RawHttp;
import io.yima.testsupport.RawHttp.Answer;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies of every operation that takes one, spoilt in every way we could think of. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class HostileJsonTest {

  /** An operation and a body that it would take. */
  private record Taker(String method, String path, ObjectNode body) {

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  /** Escaped, as they would stand between quotes. */
  private static final List<String> HOSTILE_TEXTS =
      List.of(
          "\\u0000",
          "a\\u0000b",
          "\\ud800",
          "a\\ud83d",
          "\\udc00a",
          "\\udc00\\ud800",
          "\\u0001",
          "\\u007f",
          "\\u0085",
          "\\ufffe",
          "\\ufeff",
          "\\u202e",
          "\\n",
          "",
          " ",
          "\\ud83d\\udca9",
          "'; drop table provider; --",
          "${jndi:ldap://x}",
          "x".repeat(1_000_000));

  private static final ObjectMapper PLAIN = new ObjectMapper();

  @Inject Keys keys;

  private String provider;
  private List<Taker> takers;

  @BeforeEach
  void find_takers() throws JsonProcessingException {
    ComponentApp app = ComponentApp.unheardOf();
    provider = app.appid();
    String registration =
        """
        {"component_appid":"%s","name":"n","component_appsecret":"%s","message_token":"%s",
         "encoding_aes_key":"%s","return_url":"https://example.com/"}
        """
            .formatted(app.appid(), app.appsecret(), app.messageToken(), app.encodingAesKey());
    Answer registered =
        operator().send("POST", "/api/v1/providers", registration.getBytes(StandardCharsets.UTF_8));
    assertThat(registered.status()).isEqualTo(201);
    String merchant = "/api/v1/authorizers/" + keys.newAuthorizer(provider);
    takers =
        List.of(
            taker("POST", "/api/v1/providers", registration),
            taker(
                "PATCH",
                "/api/v1/providers/" + app.appid(),
                registration.replace("\"component_appid\":\"" + app.appid() + "\",", "")),
            taker(
                "POST",
                "/api/v1/providers/" + provider + "/keys",
                """
                {"name":"n","scopes":["read"],"authorizer_appids":["wxa"],
                 "expires_at":"2999-01-01T00:00:00Z"}
                """),
            taker(
                "POST",
                "/api/v1/authorization-links",
                "{\"auth_type\":1,\"biz_appid\":\"wxa\",\"return_url\":\"https://example.com/\"}"),
            taker("POST", merchant + "/token/refresh", "{\"if_token\":\"t\"}"),
            taker(
                "POST",
                merchant + "/code-applications",
                "{\"code_count\":10000,\"isv_application_id\":\"i\",\"label\":\"l\"}"),
            taker(
                "POST",
                merchant + "/code-applications/i/activations",
                """
                {"activity_name":"a","product_brand":"b","product_title":"t",
                 "product_code":"6901234567892","wxa_appid":"wxa","wxa_path":"p","wxa_type":0,
                 "code_start":0,"code_end":9,"replace":true}
                """),
            taker(
                "POST",
                merchant + "/code-lookups",
                """
                {"isv_application_id":"i","application_id":1,"code_index":0,"code":"c",
                 "code_url":"u"}
                """),
            taker("POST", merchant + "/code-tickets", "{\"openid\":\"o\",\"code_ticket\":\"t\"}"),
            taker("POST", "/api/v1/probe", "{\"primitive\":1,\"flag\":true,\"text\":\"t\"}"));
  }

  @Test
  void hostile_texts_in_every_field_are_never_a_failure_of_ours() {
    long times = 0;
    for (Taker taker : takers) {
      for (String field : taker.body().propertyStream().map(e -> e.getKey()).toList()) {
        for (String text : HOSTILE_TEXTS) {
          String marked = withText(taker.body(), field);
          Answer answer = send(taker, marked.replace("\"MARK\"", "\"" + text + "\""));
          noFailure(
              answer, taker + " " + field + " " + text.substring(0, Math.min(30, text.length())));
          times++;
        }
      }
    }
    Robustness.row(
        "Dialect",
        "U+0000, lone surrogates, control and huge texts in every field of every body",
        times,
        "no 5xx; problems with their id");
  }

  @Test
  void what_postgresql_cannot_hold_is_refused_by_name() {
    for (Taker taker : takers.subList(0, 4)) {
      for (String text : List.of("a\\u0000b", "a\\ud800", "\\udc00b")) {
        for (String field : taker.body().propertyStream().map(e -> e.getKey()).toList()) {
          if (taker.body().get(field).isTextual()) {
            Answer answer = send(taker, withText(taker.body(), field).replace("MARK", text));
            assertThat(answer.status()).as("%s %s", taker, field).isEqualTo(422);
            assertThat(answer.json().getList("errors.field", String.class)).contains(field);
          }
        }
      }
    }
  }

  @Test
  void values_of_the_wrong_kind_name_their_field() {
    long times = 0;
    for (Taker taker : takers) {
      for (String field : taker.body().propertyStream().map(e -> e.getKey()).toList()) {
        boolean list = taker.body().get(field).isArray();
        boolean text = list || taker.body().get(field).isTextual();
        List<String> wrong =
            taker.body().get(field).isBoolean()
                ? List.of("1", "\"true\"", "{}", "[]", "1.5")
                : text
                    ? List.of("1", "1.5", "true", "{}", "[]", "1e999999999", "9".repeat(900))
                    : List.of("\"10000\"", "true", "{}", "1.5", "1e999999999", "9".repeat(900));
        for (String value : wrong) {
          Answer answer = send(taker, withText(taker.body(), field).replace("\"MARK\"", value));
          assertThat(answer.status()).as("%s %s %s", taker, field, value).isEqualTo(400);
          assertThat(answer.problem()).isEqualTo("invalid_type");
          assertThat(answer.json().getString("errors[0].field"))
              .isEqualTo(list ? field + "[0]" : field);
          times++;
        }
        times += duplicate(taker, field);
      }
    }
    // Of a field that is missing and one that is unknown, either may be told first.
    for (Taker taker : takers.subList(0, takers.size() - 1)) {
      times += unknown(taker);
    }
    Robustness.row(
        "Dialect",
        "wrong types, duplicate and unknown keys in every body",
        times,
        "400 naming the field");
  }

  private int duplicate(Taker taker, String field) {
    String body = taker.body().toString();
    String twice = "{\"%s\":%s,%s".formatted(field, taker.body().get(field), body.substring(1));
    Answer answer = send(taker, twice);
    assertThat(answer.status()).as("%s %s", taker, field).isEqualTo(400);
    assertThat(answer.problem()).isEqualTo("duplicate_field");
    assertThat(answer.json().getString("errors[0].field")).isEqualTo(field);
    return 1;
  }

  private int unknown(Taker taker) {
    List<String> names = List.of("nothing", "\\u0000", "codeCount", "x".repeat(40_000));
    for (String name : names) {
      Answer answer = send(taker, "{\"%s\":1}".formatted(name));
      assertThat(answer.status()).as("%s %s", taker, name).isEqualTo(400);
      assertThat(answer.problem()).isEqualTo("unknown_field");
      assertThat(answer.json().getString("errors[0].field")).isNotEmpty().hasSizeLessThan(201);
    }
    return names.size();
  }

  @Test
  void what_is_no_json_in_utf_8_is_400() {
    long times = 0;
    for (Taker taker : takers) {
      String body = taker.body().toString();
      List<byte[]> bad = new ArrayList<>();
      for (String text :
          List.of(
              body + " {}",
              body + "x",
              body.replace('"', '\''),
              "/* c */" + body,
              body.substring(0, body.length() - 1) + ",}",
              "[".repeat(100_000),
              "{\"name\":".repeat(100_000),
              "{\"name\":" + "9".repeat(100_000) + "}",
              "{\"\\ud800\":1}",
              "{\"name\":NaN}",
              "{\"name\":01}",
              "{\"name\":\"\t\"}",
              "[" + body + "]",
              "\uFEFF" + body)) {
        bad.add(text.getBytes(StandardCharsets.UTF_8));
      }
      for (String charset : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE")) {
        bad.add(body.getBytes(Charset.forName(charset)));
      }
      for (byte[] invalid :
          new byte[][] {
            {(byte) 0xff}, {(byte) 0xc3, 0x28}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}
          }) {
        bad.add(concat("{\"name\":\"".getBytes(StandardCharsets.UTF_8), invalid));
      }
      for (byte[] bytes : bad) {
        Answer answer = operator().send(taker.method(), taker.path(), bytes);
        assertThat(answer.status())
            .as(
                "%s %s",
                taker, new String(bytes, 0, Math.min(60, bytes.length), StandardCharsets.UTF_8))
            .isEqualTo(400);
        answer.problem();
        times++;
      }
    }
    Robustness.row(
        "Dialect",
        "trailing text, other encodings, broken UTF-8, nesting of 100,000, numbers of 100,000 digits",
        times,
        "400");
  }

  @Test
  void a_body_that_is_spoilt_anywhere_is_never_a_failure_of_ours() {
    long seed = 20_260_315;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    long times = 0;
    for (Taker taker : takers) {
      byte[] whole = taker.body().toString().getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 100; i++) {
        byte[] spoilt = whole.clone();
        for (int j = 0; j <= random.nextInt(3); j++) {
          spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt(256);
        }
        int length = random.nextBoolean() ? spoilt.length : random.nextInt(spoilt.length);
        byte[] sent = Arrays.copyOf(spoilt, length);
        Answer answer = operator().send(taker.method(), taker.path(), sent);
        String tried =
            "seed %d, %s, %s".formatted(seed, taker, new String(sent, StandardCharsets.ISO_8859_1));
        noFailure(answer, tried);
        times++;
      }
    }
    Robustness.row(
        "Dialect",
        "bodies spoilt at random and cut off, seed " + seed,
        times,
        "no 5xx; problems with their id");
  }

  private static void noFailure(Answer answer, String tried) {
    // The one 503 that is no failure of ours: this merchant has no token to be refreshed.
    if (answer.status() != 503 || !answer.problem().equals("token_unavailable")) {
      assertThat(answer.status()).as(tried).isBetween(200, 499);
    }
    if (answer.status() >= 400) {
      answer.problem();
    }
  }

  private Answer send(Taker taker, String body) {
    return operator().send(taker.method(), taker.path(), body.getBytes(StandardCharsets.UTF_8));
  }

  private RawHttp operator() {
    return RawHttp.as(YimaTestResource.OPERATOR_KEY).with("Yima-Provider: " + provider);
  }

  private static Taker taker(String method, String path, String body)
      throws JsonProcessingException {
    return new Taker(method, path, (ObjectNode) PLAIN.readTree(body));
  }

  /** The body with a mark in place of this field's value, or of the first of its values. */
  private static String withText(ObjectNode body, String field) {
    ObjectNode copy = body.deepCopy();
    if (copy.get(field) instanceof ArrayNode list) {
      list.set(0, "MARK");
    } else {
      copy.put(field, "MARK");
    }
    return copy.toString();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
