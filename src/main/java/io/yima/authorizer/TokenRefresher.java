package io.yima.authorizer;

import static io.yima.secrets.Unsealer.UNSEAL_FAILED;

import io.yima.authorizer.RefreshResult.Postponed;
import io.yima.authorizer.RefreshResult.Progress;
import io.yima.authorizer.RefreshResult.ReauthorizationRequired;
import io.yima.authorizer.RefreshResult.Refreshed;
import io.yima.authorizer.RefreshResult.Revoked;
import io.yima.authorizer.RefreshResult.Unreadable;
import io.yima.provider.ComponentTokens;
import io.yima.secrets.Secret;
import io.yima.wechat.AuthorizerPage;
import io.yima.wechat.AuthorizerProfile;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Failure.AuthorizationLost;
import io.yima.wechat.Failure.Loss;
import io.yima.wechat.Failure.Unavailable;
import io.yima.wechat.RefreshedToken;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatError;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.wechat.WeChatResult.Success;
import io.yima.work.LastError;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks WeChat for a merchant's fresh token, with every refresh token that may still work before
 * anything is given up. Writes nothing.
 */
@ApplicationScoped
class TokenRefresher {

  static final int PAGE = 500;

  /** With so many pages a search makes room for others, and goes on with its next claim. */
  private static final int SEARCHED_PAGES = 20;

  private static final WeChatError LONG_LIST =
      new WeChatError("api_get_authorizer_list", null, "the list is too long for one try", null);

  private static final String AUTHORIZE_AGAIN =
      "Send the merchant a new authorization link: no refresh token works any more.";

  private static final String RESTORE =
      "A refresh token in the database does not open and WeChat tells no other: restore the row or"
          + " the keyset it was sealed with, or let the merchant authorize again.";

  private final ComponentTokens componentTokens;
  private final WeChatClient weChat;
  private final TokenSeals seals;
  private final Clock clock;

  TokenRefresher(
      ComponentTokens componentTokens, WeChatClient weChat, TokenSeals seals, Clock clock) {
    this.componentTokens = componentTokens;
    this.weChat = weChat;
    this.seals = seals;
    this.clock = clock;
  }

  /**
   * Tries the stored refresh token, the candidate, the former one, then what WeChat has; where
   * these were refused the last time, what WeChat has comes first.
   */
  RefreshResult refresh(ClaimedToken claim, Deadline deadline) {
    return new Attempt(claim, deadline).run();
  }

  private final class Attempt {

    private final ClaimedToken claim;
    private final MerchantCalls calls;
    private final @Nullable Secret stored;
    private final Set<Secret> tried = new HashSet<>();
    private @Nullable Failure refused;
    private boolean candidateDead;
    private boolean repeated;
    private @Nullable Secret found;
    private @Nullable Instant foundAt;
    private @Nullable Integer searchOffset;

    Attempt(ClaimedToken claim, Deadline deadline) {
      this.claim = claim;
      this.calls = new MerchantCalls(componentTokens, weChat, claim.id(), deadline);
      this.stored = open(claim.refreshToken());
      this.searchOffset = claim.searchOffset();
    }

    /** A claim has time for a few calls: it begins where the last one had to leave off. */
    RefreshResult run() {
      Supplier<Optional<RefreshResult>> candidate = this::withCandidate;
      Stream<Supplier<Optional<RefreshResult>>> steps;
      if (claim.searchOffset() != null) {
        steps = Stream.of(candidate);
      } else if (claim.wasRefused()) {
        steps = Stream.of(candidate, this::withTold);
      } else {
        steps = Stream.of(this::withStored, this::withTold);
      }
      return steps
          .map(Supplier::get)
          .flatMap(Optional::stream)
          .findFirst()
          .orElseGet(this::searchList);
    }

    private Optional<RefreshResult> withCandidate() {
      Secret candidate = open(claim.candidate());
      Optional<RefreshResult> result = refreshWith(candidate);
      candidateDead = candidate != null && result.isEmpty();
      return result;
    }

    private Optional<RefreshResult> withStored() {
      return refreshWith(stored)
          .or(this::withCandidate)
          .or(() -> refreshWith(open(claim.previous())));
    }

    /** Empty when WeChat's list is all that is left. */
    private Optional<RefreshResult> withTold() {
      return switch (calls.info()) {
        case Success<AuthorizerProfile>(AuthorizerProfile profile) ->
            refreshWithTold(profile.refreshToken());
        case Failed<AuthorizerProfile>(Failure failure) -> {
          if (!lost(failure, Loss.NOT_AUTHORIZED)) {
            yield Optional.of(postponed(failure));
          }
          // A dead refresh token and this answer agree; without the former the list is asked.
          yield refused == null && !claim.wasRefused()
              ? Optional.empty()
              : Optional.of(new Revoked(LastError.of(failure, clock.instant())));
        }
      };
    }

    /**
     * One that WeChat told is worth keeping until it is known to be dead. One that it has just
     * refused and tells all the same is tried once more: either of the two answers is wrong.
     */
    private Optional<RefreshResult> refreshWithTold(@Nullable Secret token) {
      if (token == null) {
        return Optional.empty();
      }
      if (tried.contains(token)) {
        if (repeated) {
          return Optional.empty();
        }
        repeated = true;
        tried.remove(token);
        return refreshWith(token);
      }
      found = token.equals(stored) ? null : token;
      foundAt = clock.instant();
      Optional<RefreshResult> result = refreshWith(token);
      if (result.isEmpty()) {
        found = null;
      }
      return result;
    }

    /** Empty when this refresh token is dead or was tried before. */
    private Optional<RefreshResult> refreshWith(@Nullable Secret token) {
      if (token == null || !tried.add(token)) {
        return Optional.empty();
      }
      Instant askedAt = clock.instant();
      return switch (calls.refresh(token)) {
        case Success<RefreshedToken>(RefreshedToken fresh) ->
            Optional.of(Refreshed.of(fresh, token, stored, askedAt));
        case Failed<RefreshedToken>(Failure failure) -> {
          if (lost(failure, Loss.REFRESH_TOKEN_INVALID)) {
            refused = failure;
            yield Optional.empty();
          }
          yield Optional.of(
              lost(failure, Loss.NOT_AUTHORIZED) ? askAgain(failure) : postponed(failure));
        }
      };
    }

    /**
     * One answer never revokes: WeChat has said 61003 of accounts that it still lists. Where the
     * claim has no time for the second one, the next begins with it.
     */
    private RefreshResult askAgain(Failure notAuthorized) {
      refused = notAuthorized;
      return switch (calls.info()) {
        case Success<AuthorizerProfile>(AuthorizerProfile profile) -> {
          Secret told = profile.refreshToken();
          Optional<RefreshResult> result =
              told == null || tried.contains(told) ? Optional.empty() : refreshWithTold(told);
          yield result.orElseGet(() -> postponed(notAuthorized));
        }
        case Failed<AuthorizerProfile>(Failure failure) ->
            lost(failure, Loss.NOT_AUTHORIZED)
                ? new Revoked(LastError.of(notAuthorized, clock.instant()))
                : postponed(failure);
      };
    }

    private RefreshResult searchList() {
      int offset = searchOffset == null ? 0 : searchOffset;
      for (int page = 0; page < SEARCHED_PAGES; page++, offset += PAGE) {
        searchOffset = offset;
        switch (calls.list(offset)) {
          case Failed<AuthorizerPage>(Failure failure) -> {
            return postponed(failure);
          }
          case Success<AuthorizerPage>(AuthorizerPage read) -> {
            Optional<RefreshResult> result =
                read.authorizers().stream()
                    .filter(one -> one.authorizerAppid().equals(claim.id().authorizerAppid()))
                    .flatMap(one -> refreshWithTold(one.refreshToken()).stream())
                    .findFirst();
            if (result.isPresent()) {
              return result.get();
            }
            if (!read.hasMore(offset, PAGE) || offset >= Reconciler.LONGEST_LIST) {
              return givenUp();
            }
          }
        }
      }
      searchOffset = offset;
      return postponed(new Unavailable(LONG_LIST, false));
    }

    private RefreshResult postponed(Failure failure) {
      return new Postponed(
          failure, new Progress(refused, candidateDead, found, foundAt, searchOffset));
    }

    private RefreshResult givenUp() {
      if (holdsUnreadable()) {
        // Nobody is given up for what is wrong on this side.
        return new Unreadable(LastError.of(UNSEAL_FAILED, RESTORE, clock.instant()));
      }
      LastError before = claim.lastError();
      if (refused != null) {
        return new ReauthorizationRequired(LastError.of(refused, clock.instant()));
      }
      return new ReauthorizationRequired(
          before != null && claim.wasRefused()
              ? before
              : LastError.of("refresh_token_missing", AUTHORIZE_AGAIN, clock.instant()));
    }

    private boolean holdsUnreadable() {
      return (claim.refreshToken() != null && stored == null)
          || isUnreadable(claim.candidate())
          || isUnreadable(claim.previous());
    }

    private boolean isUnreadable(byte @Nullable [] sealed) {
      return sealed != null && open(sealed) == null;
    }

    private @Nullable Secret open(byte @Nullable [] sealed) {
      return seals.openRefresh(claim.id(), sealed);
    }
  }

  static boolean lost(Failure failure, Loss loss) {
    return failure instanceof AuthorizationLost gone && gone.loss() == loss;
  }
}
