package io.yima.packages;

import io.quarkus.runtime.Startup;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.EncryptedCodes;
import io.yima.wechat.WeChatConfig;
import io.yima.work.Lease;
import jakarta.inject.Singleton;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings of packages of codes, checked when the application starts. */
@Startup
@Singleton
class CodesSettings {

  /** What addresses of the directory's files begin with, in the setting and in rows. */
  static final String FILE = "file:";

  private final boolean ahead;
  private final Lease lease;
  private final CodeStore store;
  private final List<CodeStore> stores = new ArrayList<>();

  CodesSettings(CodesConfig config, WeChatConfig calls, ProviderTransactions transactions) {
    ahead = config.download() == CodesConfig.Download.AHEAD;
    lease =
        Lease.checked(
            "YIMA_CODES_LEASE",
            config.lease(),
            calls.timeout().multipliedBy(EncryptedCodes.PATIENCE));
    DatabaseStore database = new DatabaseStore(transactions);
    stores.add(database);
    if (config.store().equals(DatabaseStore.PLACE)) {
      store = database;
    } else if (config.store().equals(BucketStore.PLACE)) {
      BucketStore bucket = new BucketStore(new BucketSettings(config.s3()));
      Thread.ofVirtual().name("code-store-check").start(bucket::check);
      store = bucket;
    } else {
      store = new DirectoryStore(directory(config.store()));
    }
    stores.add(store);
    if (!config.store().equals(BucketStore.PLACE) && config.s3().bucket().isPresent()) {
      stores.add(new BucketStore(new BucketSettings(config.s3())));
    }
  }

  /** Whether packages are fetched before anybody asks for them. */
  boolean ahead() {
    return ahead;
  }

  Lease lease() {
    return lease;
  }

  /** Where new packages go. */
  CodeStore store() {
    return store;
  }

  /** Where a package is; those that were stored under another setting are still found. */
  CodeStore storeOf(String place) {
    return stores.stream()
        .filter(one -> one.has(place))
        .findFirst()
        .orElseThrow(
            () ->
                new CodeStoreFailed(
                    "a package is in a directory or bucket that YIMA_CODES_STORE or YIMA_CODES_S3_BUCKET named once and no more",
                    null));
  }

  private static Path directory(String setting) {
    if (setting.startsWith(FILE) && setting.length() > FILE.length()) {
      try {
        return Path.of(setting.substring(FILE.length()));
      } catch (InvalidPathException e) {
        throw refused(setting, e);
      }
    }
    throw refused(setting, null);
  }

  private static IllegalStateException refused(String setting, @Nullable Exception cause) {
    return new IllegalStateException(
        "YIMA_CODES_STORE is %s but must be database, file: and a directory such as file:/var/lib/yima/codes, or s3."
            .formatted(setting),
        cause);
  }
}
