package io.yima.authorizer;

import io.yima.authorizer.ReconcileFindings.Finding;
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
import java.util.Optional;

/** What WeChat tells of merchants' accounts. */
@ApplicationScoped
class Profiles {

  /**
   * What a profile changed in what the merchant may do.
   *
   * @param known whether anything was known before
   */
  record Drift(AuthorizerStanding before, AuthorizerStanding after, boolean known) {

    /** Whether permission set 46 came or went. */
    Optional<Finding> ofMarketingCodes() {
      if (!known || before.marketingCodeSet() == after.marketingCodeSet()) {
        return Optional.empty();
      }
      return Optional.of(
          after.marketingCodeSet()
              ? Finding.MARKETING_CODES_GRANTED
              : Finding.MARKETING_CODES_WITHDRAWN);
    }
  }

  private final ComponentTokens componentTokens;
  private final WeChatClient weChat;
  private final ProviderTransactions transactions;
  private final AuthorizerRecords records;
  private final Clock clock;

  Profiles(
      ComponentTokens componentTokens,
      WeChatClient weChat,
      ProviderTransactions transactions,
      AuthorizerRecords records,
      Clock clock) {
    this.componentTokens = componentTokens;
    this.weChat = weChat;
    this.transactions = transactions;
    this.records = records;
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
        store(id, version.get(), profile);
        yield true;
      }
      case Failed<AuthorizerProfile> _ -> false;
    };
  }

  /**
   * Stores a profile, unless the merchant was authorized or given up since it was asked for: then
   * it may be out of date. Tells when that changes what the merchant may do.
   */
  Optional<Drift> store(AuthorizerId id, int seenVersion, AuthorizerProfile profile) {
    try {
      return transactions.call(
          id.provider(),
          () ->
              records
                  .find(id)
                  .filter(authorizer -> authorizer.version() == seenVersion)
                  .flatMap(authorizer -> describe(authorizer, profile)));
    } catch (OptimisticLockException e) {
      return Optional.empty();
    }
  }

  private Optional<Drift> describe(Authorizer authorizer, AuthorizerProfile profile) {
    AuthorizerStanding before = authorizer.standing();
    boolean known = authorizer.isKnown();
    authorizer.described(profile, clock.instant());
    records.flush();
    AuthorizerStanding after = authorizer.standing();
    return before.equals(after) ? Optional.empty() : Optional.of(new Drift(before, after, known));
  }

  private Optional<Integer> version(AuthorizerId id) {
    return transactions.call(id.provider(), () -> records.find(id).map(Authorizer::version));
  }
}
