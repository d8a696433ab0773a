package io.yima.codes;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.api.Problems;
import io.yima.authorizer.AuthorizerTokens;
import io.yima.authorizer.Authorizers;
import io.yima.database.WorkerDatabase;
import io.yima.secrets.Secret;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.BoundCode;
import io.yima.wechat.CodeReference;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks WeChat about one code at a time, and adds what the ledger knows of it. */
@ApplicationScoped
class CodeLookups {

  private static final String EXCHANGE = "tickettocode";

  private final ProviderTransactions transactions;
  private final WorkerDatabase database;
  private final Authorizers authorizers;
  private final AuthorizerTokens tokens;
  private final WeChatClient wechat;
  private final AuditTrail audit;
  private final Clock clock;

  CodeLookups(
      ProviderTransactions transactions,
      WorkerDatabase database,
      Authorizers authorizers,
      AuthorizerTokens tokens,
      WeChatClient wechat,
      AuditTrail audit,
      Clock clock) {
    this.transactions = transactions;
    this.database = database;
    this.authorizers = authorizers;
    this.tokens = tokens;
    this.wechat = wechat;
    this.audit = audit;
    this.clock = clock;
  }

  /** A code by its place in a batch that was ordered here. */
  FoundCode find(ApplicationKey key, long codeIndex) {
    CodeApplication application =
        transactions
            .withConnection(key.provider(), connection -> Ledger.find(connection, key))
            .orElseThrow(CodeApplications::notFound);
    Long applicationId = application.progress().applicationId();
    if (applicationId == null) {
      throw Problems.conflict(
          "code_application_not_finished",
          "WeChat has not confirmed the application: its state is " + application.state() + ".");
    }
    if (codeIndex >= application.order().codeCount()) {
      throw Problems.invalid("code_index", "must be less than " + application.order().codeCount());
    }
    return find(key.authorizer(), new CodeReference.ByIndex(applicationId, codeIndex));
  }

  FoundCode find(AuthorizerId authorizer, CodeReference reference) {
    AuditEntry entry = AuditEntry.of(AuditAction.CODE_LOOKED_UP, authorizer);
    BoundCode told =
        ask(
            authorizer,
            SliceDecision.ASK,
            reference instanceof CodeReference.ByIndex(long applicationId, long codeIndex)
                ? entry.detail("application_id " + applicationId + ", code_index " + codeIndex)
                : entry,
            (token, deadline) -> wechat.queryCode(token, reference, deadline),
            failure -> LookupFailures.lookup(failure, clock.instant()));
    return switch (reference) {
      case CodeReference.ByIndex(long applicationId, long codeIndex) ->
          new FoundCode(told, application(authorizer, applicationId), codeIndex);
      case CodeReference.ByCode _, CodeReference.ByUrl _ -> found(authorizer, told);
    };
  }

  /** The code that somebody scanned; a ticket may be good for one exchange only. */
  FoundCode exchange(AuthorizerId authorizer, Secret openid, Secret codeTicket) {
    BoundCode told =
        ask(
            authorizer,
            EXCHANGE,
            AuditEntry.of(AuditAction.TICKET_EXCHANGED, authorizer),
            (token, deadline) -> wechat.exchangeCodeTicket(token, openid, codeTicket, deadline),
            failure -> LookupFailures.exchange(failure, clock.instant()));
    return found(authorizer, told);
  }

  private FoundCode found(AuthorizerId authorizer, BoundCode told) {
    return new FoundCode(told, application(authorizer, told.applicationId()), null);
  }

  private @Nullable CodeApplication application(
      AuthorizerId authorizer, @Nullable Long applicationId) {
    return applicationId == null
        ? null
        : transactions
            .withConnection(
                authorizer.provider(),
                connection -> Ledger.findByNumber(connection, authorizer, applicationId))
            .orElse(null);
  }

  /** Counted and kept in the trail before the call is made. */
  private BoundCode ask(
      AuthorizerId authorizer,
      String api,
      AuditEntry entry,
      BiFunction<Secret, Deadline, WeChatResult<BoundCode>> question,
      Function<Failure, HttpProblem> problem) {
    OrderObstacle.of(authorizers.standing(authorizer).orElse(null))
        .ifPresent(
            obstacle -> {
              throw Problems.of(obstacle.status(), obstacle.code(), obstacle.detail());
            });
    Instant now = clock.instant();
    Orders.refuseWhileParked(counted(authorizer, api, entry, now).orElse(null), now);
    CountedCall counted = new CountedCall(database, authorizer, api, ShanghaiDay.of(now), clock);
    Deadline deadline = Deadline.in(RequestPatience.LONGEST_WAIT, Urgency.INTERACTIVE);
    WeChatResult<BoundCode> result =
        tokens.call(
            authorizer, deadline, token -> counted.make(() -> question.apply(token, deadline)));
    note(authorizer, counted.change(result));
    return switch (result) {
      case WeChatResult.Success<BoundCode>(BoundCode told) -> told;
      case WeChatResult.Failed<BoundCode>(Failure failure) -> throw problem.apply(failure);
    };
  }

  /** Until when the quota is used up, in which case nothing was counted; empty when it is not. */
  private Optional<Instant> counted(
      AuthorizerId authorizer, String api, AuditEntry entry, Instant now) {
    return transactions.withConnection(
        authorizer.provider(),
        connection -> {
          Optional<Instant> parked = ApiQuotas.parkedUntil(connection, authorizer, api, now);
          if (parked.isEmpty()) {
            ApiQuotas.count(connection, authorizer, api, ShanghaiDay.of(now));
            audit.record(entry);
          }
          return parked;
        });
  }

  private void note(AuthorizerId authorizer, @Nullable QuotaChange change) {
    if (change != null) {
      transactions.withConnection(
          authorizer.provider(),
          connection -> {
            QuotaChanges.write(connection, List.of(change));
            return true;
          });
    }
  }
}
