package io.yima.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizerIdTest {

  /** CRC-32 of "123456789" is 0xCBF43926, the check value of every CRC catalogue. */
  @Test
  void the_bucket_is_the_last_byte_of_the_crc_32() {
    assertThat(Bucket.of("123456789")).isEqualTo((short) 0x26);
    assertThat(new AuthorizerId(ProviderId.next(), "123456789").bucket()).isEqualTo((short) 0x26);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "wx 1", "wx/1", "wx\u0000", "茶", "wx%2F", "wx\n"})
  void what_cannot_be_an_appid_is_none(String text) {
    assertThat(AuthorizerId.isAppid(text)).isFalse();
    assertThatThrownBy(() -> new AuthorizerId(ProviderId.next(), text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
