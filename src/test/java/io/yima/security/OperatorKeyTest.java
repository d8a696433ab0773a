package io.yima.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yima.secrets.Secret;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OperatorKeyTest {

  @Test
  void without_a_fit_key_the_start_is_refused_with_the_remedy() {
    Secret providers = ApiKeySecret.generateProviderKey();

    for (String bad : new String[] {"", "secret", "yima_op_x", providers.reveal()}) {
      assertThatThrownBy(() -> OperatorKey.checked(Optional.of(bad)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("YIMA_OPERATOR_KEY")
          .hasMessageContaining("java -jar quarkus-run.jar new-operator-key")
          .hasMessageNotContaining("yima_");
    }
    assertThatThrownBy(() -> OperatorKey.checked(Optional.empty()))
        .hasMessageContaining("is not set");
  }

  @Test
  void only_the_very_key_matches() {
    Secret secret = ApiKeySecret.generateOperatorKey();
    OperatorKey key = new OperatorKey(() -> Optional.of(secret.reveal()));

    assertThat(key.match(ApiKeySecret.sha256(secret))).isPresent();
    assertThat(key.match(ApiKeySecret.sha256(ApiKeySecret.generateOperatorKey()))).isEmpty();
  }
}
