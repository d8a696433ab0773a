package io.yima.quota;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.api.Problems;
import io.yima.api.WeChatView;
import io.yima.authorizer.AuthorizerTokens;
import io.yima.authorizer.Authorizers;
import io.yima.quota.ApiQuotas.Standing;
import io.yima.quota.QuotaView.ApiView;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.ApiQuota;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatResult;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks WeChat how much of a merchant's daily quotas is left, and keeps what it says. */
@ApplicationScoped
class Quotas {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final ProviderTransactions transactions;
  private final Authorizers authorizers;
  private final QuotaCalls calls;
  private final Clock clock;

  /** WeChat's numbers, or its words where it refuses them. */
  private record Told(String api, @Nullable ApiQuota quota, @Nullable WeChatView refusal) {}

  Quotas(
      ProviderTransactions transactions, Authorizers authorizers, QuotaCalls calls, Clock clock) {
    this.transactions = transactions;
    this.authorizers = authorizers;
    this.calls = calls;
    this.clock = clock;
  }

  /**
   * Throws the problems of the contract when WeChat cannot be asked, also about one interface only:
   * half an answer would be taken for a whole one.
   *
   * <p>What is told within a minute of midnight in Shanghai may be of either day. It is shown,
   * beside what we counted on the day of the answer, but not kept: neither does it lift a parking,
   * nor is what others used yesterday taken for today's.
   */
  QuotaView ask(AuthorizerId authorizer) {
    authorizers.requireActive(authorizer);
    Instant asked = clock.instant();
    List<Told> told =
        calls.ask(authorizer, CountedApis.ALL).entrySet().stream()
            .map(answer -> told(answer.getKey(), answer.getValue()))
            .toList();
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

  private static Told told(String api, WeChatResult<ApiQuota> result) {
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
        QuotaCalls.path(told.api()),
        standing.calls(),
        standing.parkedUntil(),
        standing.slowedUntil(),
        quota == null ? null : quota.dailyLimit(),
        quota == null ? null : quota.used(),
        quota == null ? null : quota.remain(),
        told.refusal());
  }
}
