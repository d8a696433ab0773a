package io.yima.codes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.tenancy.ProviderTransactions;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.WeChatConfig;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class CodesSettingsTest {

  @Inject WeChatConfig calls;
  @Inject ProviderTransactions transactions;
  @TempDir Path directory;

  /** Settings as an operator would give them. */
  private record Given(Download download, String store, Duration lease) implements CodesConfig {}

  private CodesSettings with(String store, Duration lease) {
    return new CodesSettings(
        new Given(CodesConfig.Download.ON_DEMAND, store, lease), calls, transactions);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "file:", "s3:bucket", "Database", "/var/lib/yima/codes"})
  void a_store_that_is_none_stops_the_start(String store) {
    assertThatThrownBy(() -> with(store, Duration.ofMinutes(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("YIMA_CODES_STORE")
        .hasMessageContaining("file:/var/lib/yima/codes");
  }

  @Test
  void a_lease_that_a_download_could_outlive_stops_the_start() {
    assertThatThrownBy(() -> with("database", Duration.ofSeconds(32)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("YIMA_CODES_LEASE");
  }

  @Test
  void what_was_stored_under_another_setting_is_still_found() {
    CodesSettings settings = with("file:" + directory, Duration.ofMinutes(2));

    assertThat(settings.ahead()).isFalse();
    assertThat(settings.store()).isInstanceOf(DirectoryStore.class);
    assertThat(settings.storeOf("database")).isInstanceOf(DatabaseStore.class);
    assertThat(settings.storeOf("file:x")).isSameAs(settings.store());
    assertThatThrownBy(() -> with("database", Duration.ofMinutes(2)).storeOf("file:x"))
        .isInstanceOf(CodeStoreFailed.class)
        .hasMessageContaining("YIMA_CODES_STORE");
  }
}
