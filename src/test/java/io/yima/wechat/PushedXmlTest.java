package io.yima.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PushedXmlTest {

  @Test
  void an_event_envelope_tells_the_platform_and_the_ciphertext() {
    String body =
        "<xml><AppId><![CDATA[wx1]]></AppId>\n<Encrypt><![CDATA[ abc= \n]]></Encrypt></xml>";

    assertThat(PushEnvelope.parse(body.getBytes(StandardCharsets.UTF_8)))
        .contains(new PushEnvelope("abc=", "wx1", null));
  }

  @Test
  void a_message_envelope_tells_the_account_and_the_ciphertext() {
    String body = "\uFEFF<xml><ToUserName>gh_1</ToUserName><Encrypt>abc=</Encrypt></xml>";

    assertThat(PushEnvelope.parse(body.getBytes(StandardCharsets.UTF_8)))
        .contains(new PushEnvelope("abc=", null, "gh_1"));
  }

  @Test
  void what_is_no_envelope_is_none() {
    assertThat(PushEnvelope.parse(new byte[0])).isEmpty();
    assertThat(PushEnvelope.parse("{\"Encrypt\":\"abc\"}".getBytes(StandardCharsets.UTF_8)))
        .isEmpty();
    assertThat(PushEnvelope.parse("<xml><AppId>wx1</AppId></xml>".getBytes(StandardCharsets.UTF_8)))
        .isEmpty();
    assertThat(PushEnvelope.parse("<xml><Encrypt>abc".getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void children_of_the_root_are_fields_and_nested_ones_are_not() {
    PushedXml xml =
        PushedXml.parse(
                "<xml><InfoType>authorized</InfoType><info><name>深</name>tail</info>"
                    + "<Empty/><Mixed>a<![CDATA[b&c]]>&lt;</Mixed><InfoType>second</InfoType></xml>")
            .orElseThrow();

    assertThat(xml.field("InfoType")).isEqualTo("authorized");
    assertThat(xml.field("Mixed")).isEqualTo("ab&c<");
    assertThat(xml.fields()).containsOnlyKeys("InfoType", "Empty", "Mixed");
    assertThat(xml.field("Empty")).isNull();
    assertThat(xml.field("name")).isNull();
    assertThat(xml.toString()).doesNotContain("authorized");
  }

  @Test
  void documents_with_a_dtd_or_entities_are_refused() {
    assertThat(
            PushedXml.parse(
                "<!DOCTYPE xml [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><xml><a>&x;</a></xml>"))
        .isEmpty();
    assertThat(PushedXml.parse("<!DOCTYPE xml SYSTEM \"http://127.0.0.1:1/x.dtd\"><xml/>"))
        .isEmpty();
    assertThat(PushedXml.parse("<!DOCTYPE xml [<!ENTITY a \"aa\">]><xml><a>&a;</a></xml>"))
        .isEmpty();
    assertThat(PushedXml.parse("<xml><a>&unknown;</a></xml>")).isEmpty();
  }

  @Test
  void documents_too_long_or_too_deep_are_refused() {
    assertThat(PushedXml.parse("<xml><a>" + "x".repeat(64 << 10) + "</a></xml>")).isEmpty();
    assertThat(PushedXml.parse("<a>".repeat(17) + "</a>".repeat(17))).isEmpty();
    assertThat(PushedXml.parse("<a>".repeat(16) + "</a>".repeat(16))).isPresent();
  }
}
