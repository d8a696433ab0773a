package io.yima.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SandboxPushCryptoTest {

  @Test
  void encrypts_and_signs_like_the_official_document() {
    String key = "A".repeat(43);

    String encrypted =
        PushCrypto.encrypt(
            key,
            "wx134c8103faa5a59e",
            "999951349e8ee746".getBytes(StandardCharsets.UTF_8),
            "<xml><demo_resp>[CDATA[good luck]]</demo_resp></xml>");

    assertThat(encrypted)
        .isEqualTo(
            "hE8R6mGXHkJJjU72KxzKUd1GEkKJaEZq7vRL8XgK3o+00k8JGq6+pZJUIlTSyhsX+bxIBQ72g3GyvDdIZcr6+3HAZbSvPT9t/o11MI7d6WELwqrGd7jMnV0zv3Zc9Nq7");
    assertThat(PushCrypto.sign("AAAAA", "1713424427", "415670741", encrypted))
        .isEqualTo("03e0812039325c2712ef5f0f980fd14c70d6e307");
  }

  @Test
  void encrypts_like_the_official_java_demo() {
    String encrypted =
        PushCrypto.encrypt(
            "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
            "wxb11529c136998cb6",
            "aaaabbbbccccdddd".getBytes(StandardCharsets.UTF_8),
            "我是中文abcd123");

    assertThat(encrypted)
        .isEqualTo(
            "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==");
  }

  @Test
  void signs_like_the_common_sample() {
    assertThat(
            PushCrypto.sign(
                "QDG6eK",
                "1409659589",
                "263014780",
                "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="))
        .isEqualTo("5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3");
  }
}
