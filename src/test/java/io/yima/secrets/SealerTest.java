package io.yima.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SealerTest {

  private static final UUID PROVIDER = UUID.fromString("01a20628-2b25-798e-9e52-886d590c261f");
  private static final SecretPlace PLACE =
      new SecretPlace("authorizer.access_token", PROVIDER, "wx0123456789abcdef");
  private static final Secret TOKEN = Secret.of("92_AN-ACCESS-TOKEN");

  private final String keyset = MasterKeyset.generate().reveal();
  private final Sealer sealer = new Sealer(MasterKeyset.parse(keyset));

  @Test
  void a_sealed_secret_opens_again_also_after_a_restart() {
    byte[] sealed = sealer.seal(PLACE, TOKEN);

    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("ACCESS");
    assertThat(new Sealer(MasterKeyset.parse(keyset)).open(PLACE, sealed)).isEqualTo(TOKEN);
  }

  @Test
  void the_same_secret_is_sealed_differently_every_time() {
    assertThat(sealer.seal(PLACE, TOKEN)).isNotEqualTo(sealer.seal(PLACE, TOKEN));
  }

  @Test
  void copied_to_another_row_tenant_or_purpose_it_does_not_open() {
    byte[] sealed = sealer.seal(PLACE, TOKEN);

    assertRefused(new SecretPlace(PLACE.purpose(), PROVIDER, "wxfedcba9876543210"), sealed);
    assertRefused(new SecretPlace(PLACE.purpose(), new UUID(4, 6), PLACE.row()), sealed);
    assertRefused(new SecretPlace("authorizer.refresh_token", PROVIDER, PLACE.row()), sealed);
  }

  @Test
  void any_flipped_bit_keeps_it_shut() {
    byte[] sealed = sealer.seal(PLACE, TOKEN);
    for (int i = 0; i < sealed.length; i++) {
      byte[] damaged = sealed.clone();
      damaged[i] ^= 1;
      assertRefused(PLACE, damaged);
    }
  }

  @Test
  void another_keyset_does_not_open_it() {
    byte[] sealed =
        new Sealer(MasterKeyset.parse(MasterKeyset.generate().reveal())).seal(PLACE, TOKEN);

    assertRefused(PLACE, sealed);
  }

  @Test
  void a_broken_keyset_is_refused_without_being_quoted() {
    String broken = keyset.replace("XChaCha20Poly1305Key", "KeyOfNobody");

    assertThatThrownBy(() -> new Sealer(MasterKeyset.parse(broken + "x")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("YIMA_MASTER_KEYSET")
        .hasMessageContaining("new-keyset")
        .hasNoCause();
  }

  @Test
  void a_secret_shows_nothing_of_itself() {
    record Holder(Secret secret) {}

    assertThat(new Holder(TOKEN).toString()).doesNotContain("ACCESS");
    assertThat(TOKEN.toString()).isEqualTo("[secret]");
    assertThat(Secret.ofNullable("")).isNull();
    assertThatThrownBy(() -> Secret.of("")).isInstanceOf(IllegalArgumentException.class);
  }

  private void assertRefused(SecretPlace place, byte[] sealed) {
    assertThatThrownBy(() -> sealer.open(place, sealed)).isInstanceOf(UnsealFailed.class);
  }
}
