package io.yima.packages;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Keeps packages in a bucket of a store that speaks S3, one object each. A chunk is read by its
 * range; neither way is anything held in memory but what the caller has or gets.
 */
final class BucketStore implements CodeStore {

  /** As the setting names it. */
  static final String PLACE = "s3";

  private static final Logger LOG = Logger.getLogger(BucketStore.class);
  private static final String PREFIX = PLACE + ":";
  private static final String CHECK = "yima-check";
  private static final String BYTES = "application/octet-stream";
  private static final byte[] NOT_ENOUGH = {};
  private static final Pattern END_OF_OBJECT =
      Pattern.compile("bytes \\d+-(\\d{1,18})/(\\d{1,18})");

  /** There is no such object, or it ends before the range. A bucket that is gone may come back. */
  private static final Set<String> GONE = Set.of("404 NoSuchKey", "416 InvalidRange");

  private final BucketSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable S3Client client;

  BucketStore(BucketSettings settings) {
    this.settings = settings;
  }

  @Override
  public boolean has(String place) {
    return place.startsWith(PREFIX);
  }

  /**
   * Tells the log when nothing can be put there. It does not stop the start: a store that is away
   * for a moment must not keep tokens from being renewed.
   */
  void check() {
    try {
      put(CHECK, List.of(new byte[1]));
    } catch (CodeStoreFailed e) {
      LOG.errorf(
          e,
          "YIMA_CODES_STORE is s3, but packages of codes cannot be put there: look at YIMA_CODES_S3_ENDPOINT, _REGION, _PATH_STYLE and the credentials, which need s3:PutObject, s3:GetObject and s3:DeleteObject on bucket %s. Codes are fetched as soon as they can be kept.",
          settings.bucket());
    }
  }

  @Override
  public String put(PackageKey key, long generation, List<byte[]> chunks) {
    put(key.fileName(generation), chunks);
    return place(key, generation);
  }

  @Override
  public String place(PackageKey key, long generation) {
    return PREFIX + key.fileName(generation);
  }

  @Override
  public byte[] read(StoredPackage stored, int number) {
    int length = stored.chunkLength(number);
    long start = stored.chunkStart(number);
    String range = "bytes %d-%d/".formatted(start, start + length - 1);
    byte[] chunk =
        asked(
                "read",
                () ->
                    client()
                        .getObject(
                            get ->
                                get.bucket(settings.bucket())
                                    .key(name(stored.place()))
                                    .range("bytes=%d-%d".formatted(start, start + length - 1)),
                            (response, body) -> chunk(response, body, range, length)))
            .orElseThrow(
                () ->
                    new CodeStoreFailed(
                        "the store does not give the range that was asked for", null));
    if (chunk.length < length) {
      throw new CodePackageDamaged("the object of a package is too short", null);
    }
    return chunk;
  }

  @Override
  public void discard(String place) {
    asked(
        "deleted",
        () -> client().deleteObject(delete -> delete.bucket(settings.bucket()).key(name(place))));
  }

  private void put(String name, List<byte[]> chunks) {
    long length = chunks.stream().mapToLong(chunk -> chunk.length).sum();
    asked(
        "written",
        () ->
            client()
                .putObject(
                    put ->
                        put.bucket(settings.bucket())
                            .key(name)
                            .contentMD5(md5(chunks))
                            .contentType(BYTES),
                    RequestBody.fromContentProvider(() -> stream(chunks), length, BYTES)));
  }

  /**
   * Empty when it is another range, as of a store that knows none; too little when the object ends
   * before the range does.
   */
  private static Optional<byte[]> chunk(
      GetObjectResponse response, AbortableInputStream body, String range, int length) {
    String given = response.contentRange();
    if (given == null || !given.startsWith(range)) {
      body.abort();
      return given != null && isCutOff(given, range) ? Optional.of(NOT_ENOUGH) : Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = body.readNBytes(length);
    } catch (IOException e) {
      body.abort();
      throw RetryableException.create("the answer broke off", e);
    }
    if (bytes.length < length) {
      body.abort();
      throw RetryableException.create("the answer broke off");
    }
    return Optional.of(bytes);
  }

  /** Whether the range begins where it should and ends with the object: "bytes 0-9/10". */
  private static boolean isCutOff(String given, String range) {
    Matcher ends = END_OF_OBJECT.matcher(given);
    return ends.matches()
        && given.startsWith(range.substring(0, range.indexOf('-') + 1))
        && Long.parseLong(ends.group(1)) + 1 == Long.parseLong(ends.group(2));
  }

  /** In words that hold no secret, whatever the store has said. */
  private static <T> T asked(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      // What the store said stays out of the log: it may quote what it was sent.
      String reason = reason(e);
      String words = "a package cannot be %s (%s)".formatted(what, reason);
      throw GONE.contains(reason)
          ? new CodePackageDamaged(words, null)
          : new CodeStoreFailed(words, e instanceof AwsServiceException ? null : e);
    }
  }

  private static String reason(SdkException e) {
    if (e instanceof AwsServiceException answered) {
      AwsErrorDetails details = answered.awsErrorDetails();
      String code = details == null ? null : details.errorCode();
      return code != null && code.matches("\\w{1,64}")
          ? answered.statusCode() + " " + code
          : Integer.toString(answered.statusCode());
    }
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName();
  }

  /** Made when it is first needed, and not while the application starts. */
  private S3Client client() {
    lock.lock();
    try {
      S3Client ready = client;
      if (ready == null) {
        ready = settings.connect();
        client = ready;
      }
      return ready;
    } finally {
      lock.unlock();
    }
  }

  private static InputStream stream(List<byte[]> chunks) {
    return new SequenceInputStream(
        Collections.enumeration(
            chunks.stream().<InputStream>map(ByteArrayInputStream::new).toList()));
  }

  /** By which the store sees whether what it got is what was sent. */
  private static String md5(List<byte[]> chunks) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      chunks.forEach(digest::update);
      return Base64.getEncoder().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("MD5 is part of every JDK", e);
    }
  }

  private static String name(String place) {
    return place.substring(PREFIX.length());
  }
}
