package io.yima.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.tenancy.ProviderTransactions;
import io.yima.testsupport.S3Server;
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
  private record Given(Download download, String store, Duration lease, S3 s3)
      implements CodesConfig {}

  private CodesSettings with(String store, Duration lease) {
    return with(store, lease, BucketSettingsTest.Given.NOTHING);
  }

  private CodesSettings with(String store, Duration lease, CodesConfig.S3 s3) {
    return new CodesSettings(
        new Given(CodesConfig.Download.ON_DEMAND, store, lease, s3), calls, transactions);
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

  @Test
  void a_bucket_is_chosen_by_name_and_tried_when_the_application_starts() {
    try (S3Server server = new S3Server()) {
      CodesSettings settings =
          with("s3", Duration.ofMinutes(2), BucketSettingsTest.Given.at(server));

      assertThat(settings.store()).isInstanceOf(BucketStore.class);
      assertThat(settings.storeOf("s3:x")).isSameAs(settings.store());
      await().atMost(Duration.ofMinutes(1)).until(() -> server.objects().size() == 1);
    }
  }

  @Test
  void a_bucket_that_was_chosen_before_is_still_read_and_left_alone_until_then() {
    try (S3Server server = new S3Server()) {
      CodesSettings settings =
          with("database", Duration.ofMinutes(2), BucketSettingsTest.Given.at(server));

      assertThat(settings.store()).isInstanceOf(DatabaseStore.class);
      assertThat(settings.storeOf("s3:x")).isInstanceOf(BucketStore.class);
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void a_bucket_without_a_name_stops_the_start() {
    assertThatThrownBy(() -> with("s3", Duration.ofMinutes(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("YIMA_CODES_S3_BUCKET");
  }
}
