package io.yima.packages;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Which bucket packages are kept in, checked when the application starts. */
final class BucketSettings {

  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,63}");

  /** Of one try to send a package; one of the client's three takes no longer. */
  private static final Duration ATTEMPT = Duration.ofSeconds(20);

  /** Of all tries, and still within the lease. */
  private static final Duration CALL = Duration.ofSeconds(45);

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final CodesConfig.S3 config;
  private final String bucket;
  private final @Nullable URI endpoint;

  /** Throws {@link IllegalStateException} that names the setting and the remedy. */
  BucketSettings(CodesConfig.S3 config) {
    this.config = config;
    this.bucket =
        config
            .bucket()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "YIMA_CODES_STORE is s3, but YIMA_CODES_S3_BUCKET names no bucket: set it."));
    if (!BUCKET.matcher(bucket).matches()) {
      throw new IllegalStateException(
          "YIMA_CODES_S3_BUCKET is %s but must be a bucket's name: 3 to 63 small letters, digits, dots and hyphens."
              .formatted(bucket));
    }
    if (!REGION.matcher(config.region()).matches()) {
      throw new IllegalStateException(
          "YIMA_CODES_S3_REGION is %s but must be a region such as us-east-1 or cn-north-1."
              .formatted(config.region()));
    }
    if (config.accessKeyId().isPresent() != config.secretAccessKey().isPresent()) {
      throw new IllegalStateException(
          "YIMA_CODES_S3_ACCESS_KEY_ID and YIMA_CODES_S3_SECRET_ACCESS_KEY belong together: set both, or neither to have credentials found in the environment, a profile or the machine.");
    }
    this.endpoint = config.endpoint().map(BucketSettings::endpoint).orElse(null);
  }

  String bucket() {
    return bucket;
  }

  /**
   * A client of what all stores understand that speak S3: bodies as they are, signed or under TLS,
   * and no checksums but MD5.
   */
  S3Client connect() {
    return S3Client.builder()
        .region(Region.of(config.region()))
        .endpointOverride(endpoint)
        .forcePathStyle(config.pathStyle())
        .credentialsProvider(credentials())
        .serviceConfiguration(service -> service.chunkedEncodingEnabled(false))
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .overrideConfiguration(
            override ->
                override
                    .retryStrategy(RetryMode.STANDARD)
                    .apiCallAttemptTimeout(ATTEMPT)
                    .apiCallTimeout(CALL))
        .httpClient(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT)
                .socketTimeout(SILENCE)
                .build())
        .build();
  }

  private AwsCredentialsProvider credentials() {
    Optional<String> secret = config.secretAccessKey();
    return config
        .accessKeyId()
        .<AwsCredentialsProvider>map(
            id ->
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(id, secret.orElseThrow())))
        .orElseGet(() -> DefaultCredentialsProvider.builder().build());
  }

  private static URI endpoint(String setting) {
    try {
      URI uri = new URI(setting);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      String path = uri.getRawPath();
      if (web
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && (path == null || path.isEmpty() || path.equals("/"))) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // Told below, without what may stand in it.
    }
    throw new IllegalStateException(
        "YIMA_CODES_S3_ENDPOINT is no address of a store: give scheme, host and port alone, such as https://s3.example.com.");
  }
}
