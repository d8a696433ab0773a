package io.yima.codes;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.api.Problems;
import io.yima.api.WeChatView;
import io.yima.authorizer.AuthorizerStanding;
import io.yima.authorizer.AuthorizerTokens;
import io.yima.authorizer.Authorizers;
import io.yima.codes.ApiQuotas.Standing;
import io.yima.codes.QuotaView.ApiView;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.ApiQuota;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks WeChat how much of a merchant's daily quotas is left, and keeps what it says. */
@ApplicationScoped
class Quotas {

  private static final String FOLDER = "/intp/marketcode/";

  /** In the order in which claims take the rows. */
  private static final List<String> APIS = List.of(SubmitDecision.API, Inquiry.API);

  /** Half a second less than the contract's 8 s, for the database before and after. */
  private static final Duration PATIENCE = Duration.ofMillis(7_500);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final ProviderTransactions transactions;
  private final Authorizers authorizers;
  private final AuthorizerTokens tokens;
  private final WeChatClient wechat;
  private final Clock clock;

  /** WeChat's numbers, or its words where it refuses them. */
  private record Told(String api, @Nullable ApiQuota quota, @Nullable WeChatView refusal) {}

  Quotas(
      ProviderTransactions transactions,
      Authorizers authorizers,
      AuthorizerTokens tokens,
      WeChatClient wechat,
      Clock clock) {
    this.transactions = transactions;
    this.authorizers = authorizers;
    this.tokens = tokens;
    this.wechat = wechat;
    this.clock = clock;
  }

  /** Throws the problems of the contract when WeChat cannot be asked. */
  QuotaView ask(AuthorizerId authorizer) {
    requireActive(authorizer);
    Instant asked = clock.instant();
    Deadline deadline = Deadline.in(PATIENCE, Urgency.INTERACTIVE);
    List<Told> told = new ArrayList<>();
    for (String api : APIS) {
      told.add(told(authorizer, api, deadline));
    }
    Instant now = clock.instant();
    return transactions.withConnection(
        authorizer.provider(),
        connection -> {
          if (ShanghaiDay.isCertain(asked, now)) {
            for (Told one : told) {
              if (one.quota() != null) {
                ApiQuotas.learn(
                    connection, authorizer, one.api(), ShanghaiDay.of(now), one.quota());
              }
            }
          }
          return view(authorizer, told, ApiQuotas.standing(connection, authorizer, now), now);
        });
  }

  private void requireActive(AuthorizerId authorizer) {
    AuthorizerStanding standing =
        authorizers
            .standing(authorizer)
            .orElseThrow(
                () ->
                    Problems.notFound(
                        "authorizer_not_found", "No such merchant has authorized this provider."));
    switch (standing.status()) {
      case ACTIVE -> {}
      case REVOKED ->
          throw Problems.conflict("authorizer_revoked", "The merchant withdrew its authorization.");
      case REAUTHORIZATION_REQUIRED ->
          throw Problems.conflict(
              "reauthorization_required",
              "No refresh token works any more: the merchant must authorize again.");
    }
  }

  private Told told(AuthorizerId authorizer, String api, Deadline deadline) {
    WeChatResult<ApiQuota> result =
        tokens.call(authorizer, deadline, token -> wechat.quota(token, FOLDER + api, deadline));
    return switch (result) {
      case WeChatResult.Success<ApiQuota>(ApiQuota quota) -> new Told(api, quota, null);
      case WeChatResult.Failed<ApiQuota>(Failure failure) ->
          new Told(api, null, WeChatView.of(refusal(failure).error()));
    };
  }

  /** What WeChat refuses to say is an answer too; what it did not say is none. */
  private static Failure refusal(Failure failure) {
    return switch (failure) {
      case Failure.AuthorizationLost _,
          Failure.Misconfigured _,
          Failure.QuotaExhausted _,
          Failure.RateLimited _,
          Failure.Rejected _ ->
          failure;
      case Failure.TokenRejected _ ->
          throw unavailable("token_unavailable", "WeChat refuses the merchant's token.", failure);
      case Failure.Unavailable _ when failure.error().api().equals(AuthorizerTokens.API) ->
          throw unavailable(
              "token_unavailable", "There is no valid token at this moment.", failure);
      case Failure.Unavailable _, Failure.OutcomeUnknown _ ->
          throw unavailable(
              "wechat_unavailable", "WeChat gave no answer that can be understood.", failure);
    };
  }

  private static HttpProblem unavailable(String code, String detail, Failure failure) {
    return HttpProblem.builder(Problems.unavailable(code, detail, RETRY_AFTER))
        .with("wechat", WeChatView.of(failure.error()))
        .build();
  }

  private static QuotaView view(
      AuthorizerId authorizer, List<Told> told, Map<String, Standing> standing, Instant now) {
    List<ApiView> apis =
        told.stream()
            .map(one -> view(one, standing.getOrDefault(one.api(), Standing.UNUSED)))
            .toList();
    return new QuotaView(authorizer.authorizerAppid(), ShanghaiDay.of(now), apis);
  }

  private static ApiView view(Told told, Standing standing) {
    ApiQuota quota = told.quota();
    return new ApiView(
        FOLDER + told.api(),
        standing.calls(),
        standing.parkedUntil(),
        standing.slowedUntil(),
        quota == null ? null : quota.dailyLimit(),
        quota == null ? null : quota.used(),
        quota == null ? null : quota.remain(),
        told.refusal());
  }
}
