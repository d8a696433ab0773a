package io.yima.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DataKeyTest {

  private static final byte[] PLAIN = {1, 2, 3};

  @Test
  void a_chunk_opens_with_the_key_that_was_kept_and_in_its_own_place_only() {
    DataKey key = DataKey.fresh();
    byte[] sealed = key.seal(3, PLAIN);

    assertThat(DataKey.of(key.secret()).open(3, sealed)).isEqualTo(PLAIN);
    assertThatThrownBy(() -> key.open(4, sealed)).isInstanceOf(CodePackageDamaged.class);
    assertThatThrownBy(() -> DataKey.fresh().open(3, sealed))
        .isInstanceOf(CodePackageDamaged.class);
    sealed[sealed.length - 1] ^= 1;
    assertThatThrownBy(() -> key.open(3, sealed)).isInstanceOf(CodePackageDamaged.class);
  }
}
