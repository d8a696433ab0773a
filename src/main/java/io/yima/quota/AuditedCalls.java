package io.yima.quota;

import io.yima.authorizer.AuthorizerTokens;
import io.yima.authorizer.Authorizers;
import io.yima.database.WorkerDatabase;
import io.yima.secrets.Secret;
import io.yima.security.audit.AuditEntry;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatError;
import io.yima.wechat.WeChatResult;
import io.yima.work.RequestPatience;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Calls that are made while somebody waits, and of which the ledger keeps nothing: each is counted
 * and stands in the audit trail before it is made.
 */
@ApplicationScoped
public class AuditedCalls {

  private final ProviderTransactions transactions;
  private final WorkerDatabase database;
  private final Authorizers authorizers;
  private final AuthorizerTokens tokens;
  private final AuditTrail audit;
  private final FeatureWitness witness;
  private final Clock clock;

  AuditedCalls(
      ProviderTransactions transactions,
      WorkerDatabase database,
      Authorizers authorizers,
      AuthorizerTokens tokens,
      AuditTrail audit,
      FeatureWitness witness,
      Clock clock) {
    this.transactions = transactions;
    this.database = database;
    this.authorizers = authorizers;
    this.tokens = tokens;
    this.audit = audit;
    this.witness = witness;
    this.clock = clock;
  }

  /** {@link #make(AuthorizerId, String, AuditEntry, Duration, Duration, BiFunction)} for most. */
  public <T> WeChatResult<T> make(
      AuthorizerId authorizer,
      String api,
      AuditEntry entry,
      Duration patience,
      BiFunction<Secret, Deadline, WeChatResult<T>> call) {
    return make(authorizer, api, entry, patience, patience, call);
  }

  /**
   * What WeChat answers; what takes too long goes on by itself, and is a failure of unknown
   * outcome. Throws the problems of the contract where no call need be made to know that none can
   * be.
   *
   * @param starts in what time the call must have begun
   * @param patience in what time it must be over
   */
  public <T> WeChatResult<T> make(
      AuthorizerId authorizer,
      String api,
      AuditEntry entry,
      Duration starts,
      Duration patience,
      BiFunction<Secret, Deadline, WeChatResult<T>> call) {
    OrderObstacle.refuse(authorizers.standing(authorizer).orElse(null));
    Instant now = clock.instant();
    OrderObstacle.refuseWhileParked(counted(authorizer, api, entry, now).orElse(null), now);
    CountedCall counted = new CountedCall(database, authorizer, api, ShanghaiDay.of(now), clock);
    Deadline deadline = Deadline.in(starts, Urgency.INTERACTIVE);
    return RequestPatience.await(
            api,
            patience,
            () -> {
              WeChatResult<T> result =
                  tokens.call(
                      authorizer,
                      deadline,
                      token -> counted.make(() -> call.apply(token, deadline)));
              note(authorizer, counted.change(result));
              witness.saw(authorizer, api, result);
              return result;
            })
        .orElseGet(() -> late(api));
  }

  private static <T> WeChatResult<T> late(String api) {
    return new WeChatResult.Failed<>(
        new Failure.OutcomeUnknown(new WeChatError(api, null, "no answer in time", null), true));
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
