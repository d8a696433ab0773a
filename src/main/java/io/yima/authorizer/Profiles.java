package io.yima.authorizer;

import io.yima.provider.ComponentTokens;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.AuthorizerProfile;
import io.yima.wechat.Deadline;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.wechat.WeChatResult.Success;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.OptimisticLockException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** What WeChat tells of merchants' accounts. */
@ApplicationScoped
class Profiles {

  private final ComponentTokens componentTokens;
  private final WeChatClient weChat;
  private final ProviderTransactions transactions;
  private final AuthorizerRecords records;
  private final AuthorizerHistory history;
  private final Clock clock;

  Profiles(
      ComponentTokens componentTokens,
      WeChatClient weChat,
      ProviderTransactions transactions,
      AuthorizerRecords records,
      AuthorizerHistory history,
      Clock clock) {
    this.componentTokens = componentTokens;
    this.weChat = weChat;
    this.transactions = transactions;
    this.records = records;
    this.history = history;
    this.clock = clock;
  }

  WeChatResult<AuthorizerProfile> ask(AuthorizerId id, Deadline deadline) {
    return componentTokens.call(
        id.provider(),
        deadline,
        (componentAppid, token) ->
            weChat.authorizerInfo(componentAppid, token, id.authorizerAppid(), deadline));
  }

  /** Asks and stores; whether that worked. */
  boolean refresh(AuthorizerId id, Deadline deadline) {
    Optional<Integer> version = version(id);
    if (version.isEmpty()) {
      return false;
    }
    return switch (ask(id, deadline)) {
      case Success<AuthorizerProfile>(AuthorizerProfile profile) -> {
        store(id, version.get(), profile, FoundBy.AUTHORIZATION);
        yield true;
      }
      case Failed<AuthorizerProfile> _ -> false;
    };
  }

  /**
   * Stores a profile, unless the merchant was authorized or given up since it was asked for: then
   * it may be out of date. Tells what that changes, history and {@link PermissionsDrifted}
   * included.
   */
  Optional<Drift> store(
      AuthorizerId id, int seenVersion, AuthorizerProfile profile, FoundBy foundBy) {
    try {
      return transactions.call(
          id.provider(),
          () ->
              records
                  .find(id)
                  .filter(authorizer -> authorizer.version() == seenVersion)
                  .flatMap(authorizer -> describe(id, authorizer, profile, foundBy)));
    } catch (OptimisticLockException e) {
      return Optional.empty();
    }
  }

  private Optional<Drift> describe(
      AuthorizerId id, Authorizer authorizer, AuthorizerProfile profile, FoundBy foundBy) {
    Instant now = clock.instant();
    Drift.Facts before = authorizer.facts();
    boolean known = authorizer.isKnown();
    authorizer.described(profile, now);
    records.flush();
    Drift drift = new Drift(before, authorizer.facts(), known);
    if (foundBy != FoundBy.AUTHORIZATION) {
      history.tell(id, drift, foundBy, now);
    }
    return drift.before().equals(drift.after()) ? Optional.empty() : Optional.of(drift);
  }

  /** What {@link #store} is to be given; empty when there is no such merchant. */
  Optional<Integer> version(AuthorizerId id) {
    return transactions.call(id.provider(), () -> records.find(id).map(Authorizer::version));
  }
}
