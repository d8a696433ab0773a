package io.yima.authorizer;

import static io.yima.secrets.Unsealer.UNSEAL_FAILED;

import io.yima.authorizer.RefreshResult.Postponed;
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
import io.yima.wechat.RefreshedToken;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.wechat.WeChatResult.Success;
import io.yima.work.LastError;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks WeChat for a merchant's fresh token, with every refresh token that may still work before
 * anything is given up. Writes nothing.
 */
@ApplicationScoped
class TokenRefresher {

  static final int PAGE = 500;

  /** Beyond so many pages the search is left to reconciliation, which reads the whole list. */
  private static final int SEARCHED_PAGES = 20;

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

  /** Tries the stored refresh token, the candidate, the former one, then what WeChat has. */
  RefreshResult refresh(ClaimedToken claim, Deadline deadline) {
    return new Attempt(claim, deadline).run();
  }

  private final class Attempt {

    private final ClaimedToken claim;
    private final Deadline deadline;
    private final Set<Secret> tried = new HashSet<>();
    private @Nullable Failure refused;
    private boolean unreadable;

    Attempt(ClaimedToken claim, Deadline deadline) {
      this.claim = claim;
      this.deadline = deadline;
    }

    RefreshResult run() {
      return Stream.of(claim.refreshToken(), claim.candidate(), claim.previous())
          .filter(Objects::nonNull)
          .flatMap(
              bytes -> {
                Secret token = seals.openRefresh(claim.id(), bytes);
                unreadable |= token == null;
                return refreshWith(token).stream();
              })
          .findFirst()
          .orElseGet(this::recover);
    }

    /** Empty when this refresh token is dead or was tried before. */
    private Optional<RefreshResult> refreshWith(@Nullable Secret token) {
      if (token == null || !tried.add(token)) {
        return Optional.empty();
      }
      return switch (ask(token)) {
        case Success<RefreshedToken>(RefreshedToken fresh) ->
            Optional.of(new Refreshed(fresh.accessToken(), token, fresh.refreshToken()));
        case Failed<RefreshedToken>(Failure failure) -> {
          if (lost(failure, Loss.REFRESH_TOKEN_INVALID)) {
            refused = failure;
            yield Optional.empty();
          }
          yield Optional.of(
              lost(failure, Loss.NOT_AUTHORIZED) ? askAgain(failure) : new Postponed(failure));
        }
      };
    }

    /** One answer never revokes: WeChat has said 61003 of accounts that it still lists. */
    private RefreshResult askAgain(Failure notAuthorized) {
      return switch (info()) {
        case Success<AuthorizerProfile>(AuthorizerProfile profile) ->
            refreshWith(profile.refreshToken()).orElse(new Postponed(notAuthorized));
        case Failed<AuthorizerProfile>(Failure failure) ->
            lost(failure, Loss.NOT_AUTHORIZED)
                ? new Revoked(LastError.of(notAuthorized, clock.instant()))
                : new Postponed(failure);
      };
    }

    private RefreshResult recover() {
      return switch (info()) {
        case Success<AuthorizerProfile>(AuthorizerProfile profile) ->
            refreshWith(profile.refreshToken()).orElseGet(this::searchList);
        case Failed<AuthorizerProfile>(Failure failure) -> {
          if (!lost(failure, Loss.NOT_AUTHORIZED)) {
            yield new Postponed(failure);
          }
          // A dead refresh token and this answer agree; without the former the list is asked.
          yield refused == null
              ? searchList()
              : new Revoked(LastError.of(failure, clock.instant()));
        }
      };
    }

    private RefreshResult searchList() {
      for (int page = 0; page < SEARCHED_PAGES; page++) {
        switch (list(page * PAGE)) {
          case Failed<AuthorizerPage>(Failure failure) -> {
            return new Postponed(failure);
          }
          case Success<AuthorizerPage>(AuthorizerPage found) -> {
            Optional<RefreshResult> result =
                found.authorizers().stream()
                    .filter(one -> one.authorizerAppid().equals(claim.id().authorizerAppid()))
                    .flatMap(one -> refreshWith(one.refreshToken()).stream())
                    .findFirst();
            if (result.isPresent()) {
              return result.get();
            }
            if (!found.hasMore(page * PAGE, PAGE)) {
              return givenUp();
            }
          }
        }
      }
      return givenUp();
    }

    private RefreshResult givenUp() {
      if (unreadable) {
        // Nobody is given up for what is wrong on this side.
        return new Unreadable(LastError.of(UNSEAL_FAILED, RESTORE, clock.instant()));
      }
      return new ReauthorizationRequired(
          refused == null
              ? LastError.of("refresh_token_missing", AUTHORIZE_AGAIN, clock.instant())
              : LastError.of(refused, clock.instant()));
    }

    private WeChatResult<RefreshedToken> ask(Secret refreshToken) {
      return componentTokens.call(
          claim.id().provider(),
          deadline,
          (componentAppid, token) ->
              weChat.refreshAuthorizerToken(
                  componentAppid, token, claim.id().authorizerAppid(), refreshToken, deadline));
    }

    private WeChatResult<AuthorizerProfile> info() {
      return componentTokens.call(
          claim.id().provider(),
          deadline,
          (componentAppid, token) ->
              weChat.authorizerInfo(componentAppid, token, claim.id().authorizerAppid(), deadline));
    }

    private WeChatResult<AuthorizerPage> list(int offset) {
      return componentTokens.call(
          claim.id().provider(),
          deadline,
          (componentAppid, token) ->
              weChat.authorizerList(componentAppid, token, offset, PAGE, deadline));
    }
  }

  static boolean lost(Failure failure, Loss loss) {
    return failure instanceof AuthorizationLost gone && gone.loss() == loss;
  }
}
