package io.yima.readiness;

import io.yima.authorizer.AuthorizerInquiry;
import io.yima.authorizer.AuthorizerTokens;
import io.yima.database.WorkerDatabase;
import io.yima.quota.ApiQuotas;
import io.yima.quota.CountedApis;
import io.yima.quota.CountedCall;
import io.yima.quota.QuotaCalls;
import io.yima.quota.QuotaChange;
import io.yima.quota.QuotaChanges;
import io.yima.quota.ShanghaiDay;
import io.yima.readiness.LiveAnswers.Answer;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.ApiQuota;
import io.yima.wechat.ApplicationStatus;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import io.yima.work.RequestPatience;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Asks WeChat whether a merchant can be served; orders nothing. With the platform's token it asks
 * about the account; with the merchant's about an application, which passes the very gates that an
 * order does: address, token, permission set, feature. Where no application is known it asks about
 * one that cannot exist, and WeChat's objection to that is as good an answer.
 */
@ApplicationScoped
class LiveQuestions {

  /** Together with the database before and after within the contract's 8 s. */
  private static final Duration PATIENCE = Duration.ofSeconds(7);

  /** What an order needs: to be placed, and to be followed. */
  static final List<String> APIS = List.of(CountedApis.APPLY_CODE, CountedApis.QUERY_APPLICATION);

  private static final Answer LATE = new Answer.None("WeChat did not answer in time");

  private final AuthorizerInquiry inquiry;
  private final AuthorizerTokens tokens;
  private final WeChatClient wechat;
  private final QuotaCalls quotaCalls;
  private final ProviderTransactions transactions;
  private final WorkerDatabase database;
  private final Clock clock;

  LiveQuestions(
      AuthorizerInquiry inquiry,
      AuthorizerTokens tokens,
      WeChatClient wechat,
      QuotaCalls quotaCalls,
      ProviderTransactions transactions,
      WorkerDatabase database,
      Clock clock) {
    this.inquiry = inquiry;
    this.tokens = tokens;
    this.wechat = wechat;
    this.quotaCalls = quotaCalls;
    this.transactions = transactions;
    this.database = database;
    this.clock = clock;
  }

  /**
   * @param active whether there can be a token of the merchant's
   * @param known an application that WeChat confirmed; null for none
   */
  LiveAnswers ask(AuthorizerId merchant, boolean active, @Nullable Long known) {
    Deadline deadline = Deadline.in(PATIENCE, Urgency.INTERACTIVE);
    FutureTask<Answer> account =
        RequestPatience.start(
            "readiness", () -> Answer.of(inquiry.ask(merchant, deadline).orElse(null)));
    if (!active) {
      Answer none = new Answer.None("There is no token to ask with");
      return new LiveAnswers(
          RequestPatience.await(account, deadline.remaining()).orElse(LATE), none, List.of());
    }
    FutureTask<Answer> application =
        RequestPatience.start("readiness", () -> application(merchant, known, deadline));
    FutureTask<List<ApiQuota>> quotas = RequestPatience.start("readiness", () -> quotas(merchant));
    return new LiveAnswers(
        RequestPatience.await(account, deadline.remaining()).orElse(LATE),
        RequestPatience.await(application, deadline.remaining()).orElse(LATE),
        RequestPatience.await(quotas, deadline.remaining()).orElse(List.of()));
  }

  /** Counted like every call, and not made while the quota is known to be used up. */
  private Answer application(AuthorizerId merchant, @Nullable Long known, Deadline deadline) {
    Instant now = clock.instant();
    LocalDate day = ShanghaiDay.of(now);
    boolean parked =
        transactions.withConnection(
            merchant.provider(),
            connection -> {
              if (ApiQuotas.parkedUntil(connection, merchant, CountedApis.QUERY_APPLICATION, now)
                  .isPresent()) {
                return true;
              }
              ApiQuotas.count(connection, merchant, CountedApis.QUERY_APPLICATION, day);
              return false;
            });
    if (parked) {
      return new Answer.None("The day's quota for questions is used up");
    }
    CountedCall counted =
        new CountedCall(database, merchant, CountedApis.QUERY_APPLICATION, day, clock);
    String unheardOf = known == null ? "yima-readiness-" + UUID.randomUUID() : null;
    WeChatResult<ApplicationStatus> result =
        tokens.call(
            merchant,
            deadline,
            token ->
                counted.make(() -> wechat.queryApplication(token, known, unheardOf, deadline)));
    QuotaChange change = counted.change(result);
    if (change != null) {
      transactions.withConnection(
          merchant.provider(),
          connection -> {
            QuotaChanges.write(connection, List.of(change));
            return true;
          });
    }
    return Answer.of(failure(result));
  }

  /** What is not told is not known: that alone stands in nobody's way. */
  private List<ApiQuota> quotas(AuthorizerId merchant) {
    List<ApiQuota> quotas = new ArrayList<>();
    for (WeChatResult<ApiQuota> result : quotaCalls.ask(merchant, APIS).values()) {
      if (result instanceof WeChatResult.Success<ApiQuota>(ApiQuota quota)) {
        quotas.add(quota);
      }
    }
    return quotas;
  }

  private static @Nullable Failure failure(WeChatResult<?> result) {
    return switch (result) {
      case WeChatResult.Success<?> _ -> null;
      case WeChatResult.Failed<?>(Failure failure) -> failure;
    };
  }
}
