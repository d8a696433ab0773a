package io.yima.sandbox;

import static io.yima.sandbox.SandboxScene.errcode;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.yima.sandbox.SandboxCodes.Place;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxCodePackageTest {

  private static final String KEY = "0123456789abcdef";

  private SandboxScene scene;
  private String token;
  private long id;

  @BeforeEach
  void open() throws Exception {
    scene = SandboxScene.withPlatform();
    scene.control(
        "POST", "accounts", "{'appid':'%s','code_key':'%s'}".formatted(SandboxScene.MERCHANT, KEY));
    token = scene.authorized(scene.componentToken()).accessToken();
    id = scene.apply(token, "a", 10_000).path("application_id").asLong();
    scene.clock.advance(Duration.ofMinutes(1));
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private JsonNode download(long start, long end) throws Exception {
    return scene.marketcode(
        "applycodedownload",
        token,
        "{'application_id':%d,'code_start':%d,'code_end':%d}".formatted(id, start, end));
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32})
  void a_package_holds_the_codes_of_its_range_under_the_account_s_key(int padding)
      throws Exception {
    scene.control("PUT", "settings", "{'code_padding':%d}".formatted(padding));

    byte[] plain = decrypt(download(9_000, 9_999).path("buffer").asText());

    int pad = plain[plain.length - 1];
    assertThat(pad).isBetween(1, padding);
    assertThat(plain.length % padding).isZero();
    List<String> rows =
        new String(plain, 0, plain.length - pad, StandardCharsets.US_ASCII).lines().toList();
    assertThat(rows).hasSize(1_000);
    assertThat(rows.getFirst().split("\\s"))
        .startsWith("9000")
        .endsWith(SandboxCodes.url(new Place(id, 9_000)));
  }

  @Test
  void the_same_codes_come_again() throws Exception {
    assertThat(download(0, 99)).isEqualTo(download(0, 99));
    assertThat(scene.control("GET", "applications", "").at("/0/download_calls").asInt())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"-1, 10", "10, 9", "0, 10000", "10000, 10000"})
  void a_range_outside_of_the_application_is_refused(long start, long end) throws Exception {
    assertThat(errcode(download(start, end))).isEqualTo(40097);
  }

  @Test
  void codes_that_are_not_ready_or_another_s_are_refused() throws Exception {
    id = scene.apply(token, "b", 10_000).path("application_id").asLong();
    assertThat(errcode(download(0, 1))).isEqualTo(40097);
    id = 7;
    assertThat(errcode(download(0, 1))).isEqualTo(40097);
  }

  @Test
  void a_code_key_has_sixteen_letters_and_digits() throws Exception {
    assertThat(
            scene
                .controlResponse("POST", "accounts", "{'appid':'wxm','code_key':'short'}")
                .statusCode())
        .isEqualTo(400);
    assertThat(scene.control("POST", "accounts", "{'appid':'wxm'}").path("code_key").asText())
        .matches("[0-9A-Za-z]{16}");
    assertThat(scene.controlResponse("PUT", "settings", "{'code_padding':17}").statusCode())
        .isEqualTo(400);
  }

  private static byte[] decrypt(String buffer) throws Exception {
    byte[] key = KEY.getBytes(StandardCharsets.US_ASCII);
    Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(key, "AES"),
        new IvParameterSpec(Arrays.copyOf(key, 16)));
    return cipher.doFinal(Base64.getDecoder().decode(buffer));
  }
}
