package io.yima.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yima.packages.CraftedPackage;
import io.yima.secrets.Secret;
import io.yima.wechat.EncryptedCodes.Opened;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decryption of {@code buffer}, section "applycodedownload" of the interface's page [M3]. */
class EncryptedCodesTest {

  private static final String KEY = "0123456789abcdef";
  private static final String TEXT = CraftedPackage.rows(0, 40);

  private static Opened open(String base64) {
    return new EncryptedCodes(base64).open(Secret.of(KEY));
  }

  private static String text(Opened opened) {
    assertThat(opened).isInstanceOf(Opened.Text.class);
    ByteBuffer bytes = ((Opened.Text) opened).bytes();
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32})
  void every_padding_is_taken_off(int block) {
    for (int cut = 0; cut < block; cut++) {
      String text = TEXT.substring(0, TEXT.length() - cut);

      assertThat(text(open(CraftedPackage.seal(text, KEY, block)))).isEqualTo(text);
    }
  }

  @Test
  void line_ends_around_the_base64_do_no_harm() {
    assertThat(text(open("\n" + CraftedPackage.seal(TEXT, KEY, 16) + "\r\n"))).isEqualTo(TEXT);
  }

  /** What is decoded at once is 12,288 bytes. */
  @Test
  void a_package_of_any_size_is_opened_whole() {
    String text = CraftedPackage.rows(0, 1_000);
    for (int pieces = 1; pieces <= 3; pieces++) {
      for (int length = pieces * 12_288 - 40; length <= pieces * 12_288 + 40; length++) {
        String cut = text.substring(0, length);

        assertThat(text(open(CraftedPackage.seal(cut, KEY, 16)))).isEqualTo(cut);
      }
    }
  }

  @Test
  void packages_glued_together_are_no_base64_wherever_the_first_one_ends() {
    for (int length = 16_300; length < 16_500; length += 4) {
      String padded = "A".repeat(length - 1) + "=";

      assertThat(open(padded + CraftedPackage.seal(TEXT, KEY, 16)))
          .as("%d characters", length)
          .isEqualTo(new Opened.Broken("it is not base64"));
    }
  }

  @Test
  void another_key_is_told_from_a_damaged_package() {
    assertThat(open(CraftedPackage.seal(TEXT, "fedcba9876543210", 32)))
        .isEqualTo(new Opened.WrongKey());
    assertThat(open("%%%")).isEqualTo(new Opened.Broken("it is not base64"));
    assertThat(open("")).isEqualTo(new Opened.Broken("its length is not a multiple of 16"));
    assertThat(open("QUJD")).isEqualTo(new Opened.Broken("its length is not a multiple of 16"));
    String sealed = CraftedPackage.seal(TEXT, KEY, 16);
    assertThat(open(sealed.substring(0, 64) + "QUJD"))
        .isEqualTo(new Opened.Broken("its length is not a multiple of 16"));
    assertThat(open(sealed.substring(0, sealed.length() / 2 / 64 * 64)))
        .isEqualTo(new Opened.Broken("its padding is wrong"));
  }

  @Test
  void a_key_has_16_printable_characters() {
    assertThat(EncryptedCodes.isKey(KEY)).isTrue();
    assertThat(EncryptedCodes.isKey("0123456789abcde")).isFalse();
    assertThat(EncryptedCodes.isKey("0123456789abcdef0")).isFalse();
    assertThat(EncryptedCodes.isKey("0123456789 bcdef")).isFalse();
    assertThat(EncryptedCodes.isKey("0123456789ébcdef")).isFalse();
    assertThatThrownBy(() -> new EncryptedCodes("").open(Secret.of("short")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void its_text_tells_nothing() {
    assertThat(new EncryptedCodes("QUJD")).hasToString("[encrypted codes]");
  }
}
