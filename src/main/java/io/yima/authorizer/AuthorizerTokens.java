package io.yima.authorizer;

import io.yima.authorizer.FreshToken.Absent;
import io.yima.authorizer.FreshToken.Inactive;
import io.yima.authorizer.FreshToken.Unknown;
import io.yima.authorizer.FreshToken.Valid;
import io.yima.database.DatabaseFailed;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Failure.RejectedToken;
import io.yima.wechat.Failure.TokenRejected;
import io.yima.wechat.Failure.Unavailable;
import io.yima.wechat.WeChatError;
import io.yima.wechat.WeChatResult;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.work.LastError;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Lends merchants' access tokens to calls. */
@ApplicationScoped
public class AuthorizerTokens {

  /** The interface that failures name when there is no token to make a call with. */
  public static final String API = "api_authorizer_token";

  private static final Logger LOG = Logger.getLogger(AuthorizerTokens.class);

  private final TokenReads reads;
  private final RefreshNow refreshNow;
  private final LastUse lastUse;
  private final Clock clock;

  AuthorizerTokens(TokenReads reads, RefreshNow refreshNow, LastUse lastUse, Clock clock) {
    this.reads = reads;
    this.refreshNow = refreshNow;
    this.lastUse = lastUse;
    this.clock = clock;
  }

  /**
   * Makes a call in a merchant's name with its valid access token. When none is valid, or WeChat
   * refuses it (40001, 40014, 42001), one is refreshed first, once, unless a newer one is already
   * there, and the call is repeated once. Without a token the failure says why and {@code sent()}
   * is false.
   */
  public <T> WeChatResult<T> call(
      AuthorizerId authorizer, Deadline deadline, Function<Secret, WeChatResult<T>> call) {
    return call(authorizer, TokensAtHand.NONE, deadline, call);
  }

  /**
   * The same with the token at hand, where there is one that serves: a fifth of a token's life is
   * left when it is renewed, so that seconds make no difference.
   */
  public <T> WeChatResult<T> call(
      AuthorizerId authorizer,
      TokensAtHand atHand,
      Deadline deadline,
      Function<Secret, WeChatResult<T>> call) {
    return switch (valid(authorizer, atHand, deadline)) {
      case Valid(Secret token, Instant _, boolean refreshed) -> {
        WeChatResult<T> result = call.apply(token);
        yield refreshed || !rejected(result)
            ? result
            : again(authorizer, token, deadline, call, result);
      }
      case Inactive(AuthorizerStatus status) -> without("the merchant is " + status, null);
      case Absent(@Nullable LastError error) -> without("the merchant has no valid token", error);
      case Unknown() -> without("there is no such merchant", null);
    };
  }

  /**
   * What these merchants' tokens are at this moment, for calls that are made at once. What cannot
   * be read now is looked for by each call itself.
   */
  public TokensAtHand atHand(Collection<AuthorizerId> authorizers) {
    try {
      return authorizers.isEmpty()
          ? TokensAtHand.NONE
          : new TokensAtHand(reads.current(authorizers));
    } catch (DatabaseFailed e) {
      LOG.warnf("The tokens of %d merchants could not be read together", authorizers.size());
      return TokensAtHand.NONE;
    }
  }

  private FreshToken valid(AuthorizerId authorizer, TokensAtHand atHand, Deadline deadline) {
    StoredToken stored = atHand.of(authorizer);
    if (stored == null || !stored.active()) {
      return valid(authorizer, (Secret) null, deadline);
    }
    Instant now = clock.instant();
    lastUse.note(authorizer, stored.lastUsedAt(), now);
    return stored
        .lent(null, false, now)
        .orElseGet(() -> valid(authorizer, (Secret) null, deadline));
  }

  /**
   * A token that serves: the stored one, or else a fresh one. While refreshing fails, WeChat is not
   * asked more often than the due times say.
   *
   * @param used the one that does not serve
   */
  FreshToken valid(AuthorizerId authorizer, @Nullable Secret used, Deadline deadline) {
    Optional<StoredToken> found = reads.current(authorizer);
    if (found.isEmpty()) {
      return new Unknown();
    }
    StoredToken stored = found.get();
    Instant now = clock.instant();
    if (!stored.active()) {
      return new Inactive(stored.status());
    }
    // Also where there is none: what callers ask for in vain is refreshed first.
    lastUse.note(authorizer, stored.lastUsedAt(), now);
    return stored
        .lent(used, false, now)
        .orElseGet(
            () ->
                stored.backingOff(now)
                    ? new Absent(stored.lastError())
                    : refreshNow.otherThan(authorizer, used, deadline));
  }

  /** The token that was refused is named, so that its late failure spares a newer one. */
  private <T> WeChatResult<T> again(
      AuthorizerId authorizer,
      Secret refused,
      Deadline deadline,
      Function<Secret, WeChatResult<T>> call,
      WeChatResult<T> first) {
    return switch (valid(authorizer, refused, deadline)) {
      case Valid(Secret token, Instant _, boolean _) -> call.apply(token);
      case Inactive _, Absent _, Unknown _ -> first;
    };
  }

  private static <T> boolean rejected(WeChatResult<T> result) {
    return result instanceof Failed<T>(Failure failure)
        && failure instanceof TokenRejected rejected
        && rejected.which() == RejectedToken.AUTHORIZER;
  }

  private static <T> WeChatResult<T> without(String why, @Nullable LastError error) {
    WeChatError told =
        error == null
            ? new WeChatError(API, null, why, null)
            : new WeChatError(
                API, error.errcode(), error.errmsg() == null ? why : error.errmsg(), error.rid());
    return new Failed<>(new Unavailable(told, false));
  }
}
