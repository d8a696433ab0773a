package io.yima.codes;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.api.Problems;
import io.yima.authorizer.Authorizers;
import io.yima.codes.CodeApplication.Order;
import io.yima.quota.ApiQuotas;
import io.yima.quota.CountedApis;
import io.yima.quota.OrderObstacle;
import io.yima.quota.ShanghaiDay;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatError;
import io.yima.work.LastError;
import io.yima.work.Node;
import io.yima.work.RequestPatience;
import io.yima.work.WorkLoops;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Takes orders: stores each before WeChat is asked, and never buys a batch twice. */
@ApplicationScoped
class Orders {

  private final ProviderTransactions transactions;
  private final Authorizers authorizers;
  private final ApplicationCalls calls;
  private final TurnInRequest turns;
  private final WorkLoops loops;
  private final SyncSettings settings;
  private final AuditTrail audit;
  private final Node node;

  private record Known(Optional<CodeApplication> application, @Nullable Instant parkedUntil) {}

  Orders(
      ProviderTransactions transactions,
      Authorizers authorizers,
      ApplicationCalls calls,
      TurnInRequest turns,
      WorkLoops loops,
      SyncSettings settings,
      AuditTrail audit,
      Node node) {
    this.transactions = transactions;
    this.authorizers = authorizers;
    this.calls = calls;
    this.turns = turns;
    this.loops = loops;
    this.settings = settings;
    this.audit = audit;
    this.node = node;
  }

  /** Answers an order whose fields break no rule; throws the problems of the contract. */
  OrderAnswer order(ApplicationKey key, Order order) {
    return order(key, order, RequestPatience.LONGEST_WAIT);
  }

  /** {@link #order(ApplicationKey, Order)}, waiting for WeChat no longer than this. */
  OrderAnswer order(ApplicationKey key, Order order, Duration patience) {
    Known known = look(key, order.requestedAt());
    Optional<CodeApplication> standing =
        known.application().filter(application -> !application.state().reopenable());
    if (standing.isPresent()) {
      return repeated(standing.get(), order);
    }
    OrderObstacle.refuse(authorizers.standing(key.authorizer()).orElse(null));
    OrderObstacle.refuseWhileParked(known.parkedUntil(), order.requestedAt());
    Deadline deadline = settings.lease().startingNow(Urgency.INTERACTIVE);
    LocalDate countedOn = ShanghaiDay.of(order.requestedAt());
    Optional<CodeApplication> intent = intend(key, order, known.application());
    if (intent.isEmpty()) {
      return repeated(read(key), order);
    }
    Optional<Turn> turn =
        turns.run(() -> calls.submit(intent.get(), true, countedOn, deadline), patience);
    return fresh(turn.map(Turn::application).orElseGet(() -> read(key)));
  }

  private Known look(ApplicationKey key, Instant now) {
    return new Known(
        Ledger.find(transactions, key),
        ApiQuotas.parkedUntil(transactions, key.authorizer(), CountedApis.APPLY_CODE, now)
            .orElse(null));
  }

  private CodeApplication read(ApplicationKey key) {
    return Ledger.find(transactions, key)
        .orElseThrow(() -> new IllegalStateException("a row of the ledger disappeared"));
  }

  /**
   * Commits the intent, counted, under this node's lease; empty when another request came first.
   */
  private Optional<CodeApplication> intend(
      ApplicationKey key, Order order, Optional<CodeApplication> former) {
    Instant now = order.requestedAt();
    Progress progress = Progress.ordered(now, now.plus(settings.lease().duration()));
    return transactions.withConnection(
        key.provider(),
        connection -> {
          OptionalLong generation = generation(connection, key, order, progress, former);
          if (generation.isEmpty()) {
            return Optional.empty();
          }
          ApiQuotas.count(
              connection, key.authorizer(), CountedApis.APPLY_CODE, ShanghaiDay.of(now));
          EventKind kind = former.isPresent() ? EventKind.REOPENED : EventKind.REQUESTED;
          ApplicationState from = former.map(CodeApplication::state).orElse(null);
          ApplicationEvent event =
              ApplicationEvent.of(kind, now, from, ApplicationState.SUBMITTING)
                  .detail("code_count " + order.codeCount() + " by " + order.requestedBy())
                  .actor(order.actor());
          History.append(connection, List.of(new History.Entry(key, event)), node.name());
          audit.record(
              AuditEntry.of(AuditAction.APPLICATION_ORDERED, key.authorizer())
                  .object(key.isvApplicationId())
                  .detail("code_count " + order.codeCount()));
          return Optional.of(
              new CodeApplication(key, order, progress, generation.getAsLong(), true));
        });
  }

  private OptionalLong generation(
      Connection connection,
      ApplicationKey key,
      Order order,
      Progress progress,
      Optional<CodeApplication> former)
      throws SQLException {
    String holder = node.requestHolder();
    if (former.isPresent()) {
      return Ledger.reopen(connection, former.get(), order, progress, holder, settings.lease());
    }
    return Ledger.insert(connection, key, order, progress, holder, settings.lease())
        ? OptionalLong.of(1)
        : OptionalLong.empty();
  }

  private OrderAnswer repeated(CodeApplication application, Order order) {
    if (application.order().codeCount() != order.codeCount()) {
      throw Problems.conflict(
          "isv_application_id_conflict",
          "This isv_application_id stands for an order of "
              + application.order().codeCount()
              + " codes.");
    }
    return switch (application.state()) {
      case SUBMITTED, FINISHED -> new OrderAnswer.Existing(application);
      case SUBMITTING -> new OrderAnswer.Pending(woken(application, order));
      case REJECTED -> throw refused(application);
      case WITHDRAWN ->
          throw Problems.conflict(
              "application_withdrawn", "This order was withdrawn at this moment: order it again.");
    };
  }

  private CodeApplication woken(CodeApplication application, Order order) {
    Instant now = order.requestedAt();
    ApplicationKey key = application.key();
    boolean woken =
        transactions.withConnection(
            key.provider(),
            connection -> {
              boolean due = Ledger.wake(connection, key, now);
              if (due) {
                ApplicationEvent event =
                    ApplicationEvent.of(
                            EventKind.WOKEN, now, application.state(), application.state())
                        .detail("ordered again by " + order.requestedBy())
                        .actor(order.actor());
                History.append(connection, List.of(new History.Entry(key, event)), node.name());
                audit.record(
                    AuditEntry.of(AuditAction.APPLICATION_WOKEN, key.authorizer())
                        .object(key.isvApplicationId()));
              }
              return due;
            });
    if (!woken) {
      return application;
    }
    loops.wake(ApplicationSync.KIND);
    return read(key);
  }

  private static OrderAnswer fresh(CodeApplication application) {
    return switch (application.state()) {
      case SUBMITTED, FINISHED -> new OrderAnswer.Submitted(application);
      case SUBMITTING, WITHDRAWN -> new OrderAnswer.Pending(application);
      case REJECTED -> throw refused(application);
    };
  }

  private static HttpProblem refused(CodeApplication application) {
    LastError error = application.progress().sync().lastError();
    return Problems.refusedByWeChat(
        new Failure.Rejected(
            new WeChatError(
                CountedApis.APPLY_CODE,
                error == null ? null : error.errcode(),
                error == null || error.errmsg() == null ? "" : error.errmsg(),
                error == null ? null : error.rid())));
  }
}
