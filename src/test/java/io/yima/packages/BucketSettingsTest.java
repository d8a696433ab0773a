package io.yima.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yima.testsupport.S3Server;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

class BucketSettingsTest {

  /** Settings as an operator would give them. */
  record Given(
      Optional<String> bucket,
      Optional<String> endpoint,
      String region,
      boolean pathStyle,
      Optional<String> accessKeyId,
      Optional<String> secretAccessKey)
      implements CodesConfig.S3 {

    static final Given NOTHING =
        new Given(
            Optional.empty(),
            Optional.empty(),
            "us-east-1",
            false,
            Optional.empty(),
            Optional.empty());

    static Given at(S3Server server) {
      return new Given(
          Optional.of(S3Server.BUCKET),
          Optional.of(server.endpoint()),
          S3Server.REGION,
          true,
          Optional.of(S3Server.KEY_ID),
          Optional.of(S3Server.SECRET));
    }

    Given withBucket(String name) {
      return new Given(
          Optional.of(name), endpoint, region, pathStyle, accessKeyId, secretAccessKey);
    }

    Given withEndpoint(String address) {
      return new Given(
          bucket, Optional.of(address), region, pathStyle, accessKeyId, secretAccessKey);
    }

    Given withRegion(String name) {
      return new Given(bucket, endpoint, name, pathStyle, accessKeyId, secretAccessKey);
    }

    Given withKeys(String id, String secret) {
      return new Given(
          bucket,
          endpoint,
          region,
          pathStyle,
          Optional.ofNullable(id),
          Optional.ofNullable(secret));
    }
  }

  static BucketStore store(S3Server server) {
    return new BucketStore(new BucketSettings(Given.at(server)));
  }

  private static void refused(Given given, String setting) {
    assertThatThrownBy(() -> new BucketSettings(given))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(setting);
  }

  @Test
  void a_store_without_a_bucket_stops_the_start() {
    refused(Given.NOTHING, "YIMA_CODES_S3_BUCKET names no bucket");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ab", "Codes", "codes/", "a_b", "-ab", "s3://codes"})
  void a_bucket_that_cannot_be_one_stops_the_start(String bucket) {
    refused(Given.NOTHING.withBucket(bucket), "YIMA_CODES_S3_BUCKET is " + bucket);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3.example.com",
        "ftp://s3.example.com",
        "https://id:hidden-password@s3.example.com",
        "https://s3.example.com/codes",
        "https://s3.example.com?a=b",
        "https://",
        "https://s3 example.com"
      })
  void an_endpoint_that_is_no_address_stops_the_start(String endpoint) {
    Given given = Given.NOTHING.withBucket("codes").withEndpoint(endpoint);
    refused(given, "YIMA_CODES_S3_ENDPOINT");
    assertThatThrownBy(() -> new BucketSettings(given)).message().doesNotContain("hidden-password");
  }

  @Test
  void a_region_that_is_none_stops_the_start() {
    refused(Given.NOTHING.withBucket("codes").withRegion("China!"), "YIMA_CODES_S3_REGION");
  }

  @ParameterizedTest
  @CsvSource({"id,", ",a-secret-key"})
  void half_of_the_credentials_stop_the_start(String id, String secret) {
    Given given = Given.NOTHING.withBucket("codes").withKeys(id, secret);
    refused(given, "YIMA_CODES_S3_SECRET_ACCESS_KEY");
    assertThatThrownBy(() -> new BucketSettings(given)).message().doesNotContain("a-secret-key");
  }

  @Test
  void where_the_bucket_stands_in_an_address_is_a_setting() {
    try (S3Client host =
            new BucketSettings(
                    Given.NOTHING.withBucket("codes").withEndpoint("https://s3.example.com/"))
                .connect();
        S3Server server = new S3Server();
        S3Client path = new BucketSettings(Given.at(server)).connect()) {
      assertThat(host.utilities().getUrl(get -> get.bucket("codes").key("a")))
          .hasToString("https://codes.s3.example.com/a");
      assertThat(path.utilities().getUrl(get -> get.bucket("codes").key("a")))
          .hasToString(URI.create(server.endpoint()) + "/codes/a");
    }
  }

  @Test
  void credentials_may_be_left_to_the_machine() {
    assertThatCode(() -> new BucketSettings(Given.NOTHING.withBucket("codes")).connect().close())
        .doesNotThrowAnyException();
  }
}
