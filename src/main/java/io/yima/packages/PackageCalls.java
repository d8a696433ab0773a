package io.yima.packages;

import io.yima.authorizer.AuthorizerTokens;
import io.yima.codes.Standstill;
import io.yima.codes.SyncSchedule;
import io.yima.codes.SyncSettings;
import io.yima.database.WorkerDatabase;
import io.yima.packages.ClaimedPackage.SealedCodeKey;
import io.yima.packages.PackageTurn.Result;
import io.yima.quota.CountedApis;
import io.yima.quota.CountedCall;
import io.yima.secrets.Sealer;
import io.yima.wechat.Deadline;
import io.yima.wechat.EncryptedCodes;
import io.yima.wechat.EncryptedCodes.Opened;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import io.yima.work.LastError;
import io.yima.work.StorableText;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Fetches one package, opens it and checks it, outside of any transaction. */
@ApplicationScoped
class PackageCalls {

  static final String KEY_MISSING = "code_key_missing";
  static final String KEY_INVALID = "code_key_invalid";
  static final String PACKAGE_INVALID = "code_package_invalid";
  static final String PACKAGE_TOO_LARGE = "code_package_too_large";
  static final String STORE_FAILED = "code_store_failed";

  /** Setting the key makes the merchant's packages due at once: this is for nothing but luck. */
  private static final Duration WITHOUT_KEY = Duration.ofDays(7);

  /** Every try costs a call of the merchant's daily quota. */
  private static final Duration WITH_WRONG_KEY = Duration.ofDays(1);

  /** The range is WeChat's and does not change: only another version of Yima could take it. */
  private static final Duration TOO_LARGE = Duration.ofDays(1);

  private final WorkerDatabase database;
  private final AuthorizerTokens tokens;
  private final WeChatClient wechat;
  private final Sealer sealer;
  private final Clock clock;
  private final SyncSchedule schedule;
  private final Standstill standstill;

  PackageCalls(
      WorkerDatabase database,
      AuthorizerTokens tokens,
      WeChatClient wechat,
      Sealer sealer,
      Clock clock,
      SyncSettings settings) {
    this.database = database;
    this.tokens = tokens;
    this.wechat = wechat;
    this.sealer = sealer;
    this.clock = clock;
    this.schedule = settings.schedule();
    this.standstill = new Standstill(settings.schedule());
  }

  /** Does what is next for a claimed package: nothing, or fetch it. */
  PackageTurn take(ClaimedPackage claimed, Deadline deadline) {
    Instant now = clock.instant();
    SealedCodeKey key = claimed.key();
    if (claimed.clearance().servable() && key == null) {
      return PackageTurn.of(claimed, new Result.NeedsKey(keyMissing(now), now.plus(WITHOUT_KEY)));
    }
    return standstill
        .pause(claimed.clearance(), claimed.lastError(), now)
        .map(pause -> PackageTurn.of(claimed, paused(pause)))
        .orElseGet(() -> fetch(claimed, key, deadline));
  }

  private static Result paused(Standstill.Pause pause) {
    LastError error = pause.error();
    return error == null
        ? new Result.PutOff(pause.until(), pause.outcome())
        : new Result.Failed(error, pause.blocked(), pause.until(), pause.outcome());
  }

  private PackageTurn fetch(
      ClaimedPackage claimed, @Nullable SealedCodeKey key, Deadline deadline) {
    if (key == null) {
      throw new IllegalStateException("a package without a key was let through");
    }
    CountedCall counted =
        new CountedCall(
            database,
            claimed.application().authorizer(),
            CountedApis.DOWNLOAD_CODES,
            claimed.clearance().countedOn(),
            clock);
    WeChatResult<EncryptedCodes> answer =
        tokens.call(
            claimed.application().authorizer(),
            deadline,
            token ->
                counted.make(
                    () ->
                        wechat.downloadCodes(
                            token, claimed.applicationId(), claimed.range(), deadline)));
    Instant now = clock.instant();
    Result result =
        switch (answer) {
          case WeChatResult.Success<EncryptedCodes>(EncryptedCodes codes) ->
              opened(claimed, key, codes, now);
          case WeChatResult.Failed<EncryptedCodes>(Failure failure) ->
              failed(claimed, failure, now);
        };
    return new PackageTurn(claimed, result, counted.change(answer));
  }

  private Result opened(
      ClaimedPackage claimed, SealedCodeKey key, EncryptedCodes codes, Instant now) {
    return switch (codes.open(
        sealer.open(CodeKeys.place(claimed.application().authorizer()), key.sealed().array()))) {
      case Opened.Text(ByteBuffer text) -> checked(claimed, text, now);
      case Opened.WrongKey() ->
          key.proved()
              ? invalid("the key that opened others does not open it", now)
              : new Result.NeedsKey(keyInvalid(now), now.plus(WITH_WRONG_KEY));
      case Opened.Broken(String why) -> invalid(why, now);
    };
  }

  private Result checked(ClaimedPackage claimed, ByteBuffer text, Instant now) {
    try {
      return new Result.Fetched(SealedPackage.of(PackageRows.of(text, claimed.range())));
    } catch (PackageRows.Invalid invalid) {
      return invalid(String.valueOf(invalid.getMessage()), now);
    }
  }

  /** What to record when the package was fetched and could not be kept. */
  PackageTurn notKept(PackageTurn fetched) {
    Instant now = clock.instant();
    ClaimedPackage claimed = fetched.claimed();
    LastError error =
        LastError.of(
            STORE_FAILED,
            "The package was fetched but could not be kept: the operator has to see that the place"
                + " YIMA_CODES_STORE names can be written. It is fetched again; nothing is lost.",
            now);
    Result failed =
        new Result.Failed(
            error, true, schedule.afterFailures(claimed.attempts() + 1, now), STORE_FAILED);
    return new PackageTurn(claimed, failed, fetched.quota());
  }

  /** It may be whole the next time; nothing of it was kept. */
  private Result invalid(String why, Instant now) {
    LastError error =
        LastError.of(
            PACKAGE_INVALID,
            "WeChat's package was not kept, because "
                + why
                + ". It is fetched again; if this goes on, show it to WeChat's support.",
            now);
    return new Result.Failed(error, true, schedule.whenBlocked(now), PACKAGE_INVALID);
  }

  private Result failed(ClaimedPackage claimed, Failure failure, Instant now) {
    return switch (failure) {
      case Failure.OutcomeUnknown unknown when unknown.tooLong() -> tooLarge(unknown, now);
      case Failure.TokenRejected _,
          Failure.RateLimited _,
          Failure.Unavailable _,
          Failure.OutcomeUnknown _ ->
          later(claimed, failure, now);
      case Failure.QuotaExhausted _ when failure.error().api().equals(CountedApis.DOWNLOAD_CODES) ->
          new Result.Failed(
              StorableText.error(failure, false, now),
              false,
              schedule.afterRefusal(now),
              "quota_exhausted");
      case Failure.QuotaExhausted _ -> later(claimed, failure, now);
      case Failure.Misconfigured _, Failure.AuthorizationLost _, Failure.Rejected _ ->
          new Result.Failed(
              StorableText.error(failure, true, now), true, schedule.whenBlocked(now), "blocked");
    };
  }

  private static Result tooLarge(Failure.OutcomeUnknown unknown, Instant now) {
    LastError error =
        LastError.of(
            PACKAGE_TOO_LARGE,
            "WeChat's package of this range is not read, because "
                + unknown.error().errmsg()
                + ": tell the makers of Yima. It is tried again every day.",
            now);
    return new Result.Failed(error, true, now.plus(TOO_LARGE), PACKAGE_TOO_LARGE);
  }

  private Result later(ClaimedPackage claimed, Failure failure, Instant now) {
    return new Result.Failed(
        StorableText.error(failure, false, now),
        false,
        schedule.afterFailures(claimed.attempts() + 1, now),
        "failed");
  }

  private static LastError keyMissing(Instant now) {
    return LastError.of(
        KEY_MISSING,
        "Set the merchant's code key with PUT …/code-key: WeChat sent its 16 characters to the"
            + " merchant when the feature was opened.",
        now);
  }

  private static LastError keyInvalid(Instant now) {
    return LastError.of(
        KEY_INVALID,
        "The code key does not open the merchant's packages: set the right one with"
            + " PUT …/code-key. Nothing is lost.",
        now);
  }
}
