package io.yima.codes;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.api.Problems;
import io.yima.authorizer.Authorizers;
import io.yima.codes.ActivationRows.Overlap;
import io.yima.codes.CodeActivation.Wish;
import io.yima.database.Ids;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatError;
import io.yima.work.LastError;
import io.yima.work.Node;
import io.yima.work.WorkLoops;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Takes activations: stores each, cut along WeChat's ranges, before WeChat is told, and lets no two
 * of them bind the same codes unless that is asked for.
 */
@ApplicationScoped
class Activations {

  /** What a request sends by itself, side by side; the rest is the loop's. */
  private static final int SLICES_AT_ONCE = 16;

  private final ProviderTransactions transactions;
  private final Authorizers authorizers;
  private final SliceCalls calls;
  private final SliceWriter writer;
  private final WorkLoops loops;
  private final SyncSettings settings;
  private final AuditTrail audit;
  private final Clock clock;
  private final Node node;

  /** An activation with its slices. */
  record Detail(CodeActivation activation, List<Slice> slices) {}

  Activations(
      ProviderTransactions transactions,
      Authorizers authorizers,
      SliceCalls calls,
      SliceWriter writer,
      WorkLoops loops,
      SyncSettings settings,
      AuditTrail audit,
      Clock clock,
      Node node) {
    this.transactions = transactions;
    this.authorizers = authorizers;
    this.calls = calls;
    this.writer = writer;
    this.loops = loops;
    this.settings = settings;
    this.audit = audit;
    this.clock = clock;
    this.node = node;
  }

  /** Stores the wish and waits a while for WeChat; throws the problems of the contract. */
  Detail activate(ApplicationKey key, Wish wish) {
    UUID id = Ids.next();
    requireMarketingCodes(key.authorizer());
    int slices =
        transactions.withConnection(
            key.provider(), connection -> intend(connection, key, id, wish));
    send(key, id);
    if (slices > SLICES_AT_ONCE) {
      loops.wake(ActivationWork.KIND);
    }
    Detail detail = find(key, id);
    if (detail.activation().state() == ActivationState.REJECTED) {
      throw refused(detail.activation());
    }
    return detail;
  }

  Detail find(ApplicationKey key, UUID id) {
    return transactions.withConnection(
        key.provider(),
        connection ->
            new Detail(
                ActivationRows.find(connection, key, id).orElseThrow(Activations::notFound),
                ActivationRows.slices(connection, key, id)));
  }

  /** Newest first. */
  Page<CodeActivation> page(ApplicationKey key, PageRequest page) {
    UUID after = page.after(parts -> UUID.fromString(parts.getFirst())).orElse(null);
    List<CodeActivation> rows =
        transactions.withConnection(
            key.provider(),
            connection -> {
              List<CodeActivation> found =
                  ActivationRows.page(connection, key, after, page.limitPlusOne());
              if (found.isEmpty() && Ledger.find(connection, key).isEmpty()) {
                throw CodeApplications.notFound();
              }
              return found;
            });
    return Page.of(rows, page, row -> List.of(row.id().toString()));
  }

  static HttpProblem notFound() {
    return Problems.notFound("activation_not_found", "This application has no such activation.");
  }

  private void requireMarketingCodes(AuthorizerId authorizer) {
    OrderObstacle.of(authorizers.standing(authorizer).orElse(null))
        .ifPresent(
            obstacle -> {
              throw Problems.of(obstacle.status(), obstacle.code(), obstacle.detail());
            });
  }

  /** With the application's row locked: of two that overlap, the second one sees the first. */
  private int intend(Connection connection, ApplicationKey key, UUID id, Wish wish)
      throws SQLException {
    CodeApplication application =
        Ledger.lock(connection, key).orElseThrow(CodeApplications::notFound);
    List<CodeRange> parts = parts(application, wish.range());
    Orders.refuseWhileParked(
        ApiQuotas.parkedUntil(connection, key.authorizer(), SliceDecision.SEND, wish.requestedAt())
            .orElse(null),
        wish.requestedAt());
    List<ApplicationEvent> events = new ArrayList<>();
    List<Overlap> overlaps =
        ActivationRows.overlapping(connection, key, wish.range(), !wish.replaces());
    if (!overlaps.isEmpty() && !wish.replaces()) {
      throw overlap(overlaps.getFirst());
    }
    for (Overlap overlap : overlaps) {
      if (!ActivationRows.replace(connection, key, overlap, wish.range())) {
        throw underWay(overlap);
      }
      events.add(
          SliceTurn.event(EventKind.ACTIVATION_REPLACED, wish.requestedAt())
              .detail(overlap.slice().codes() + " by activation " + id));
    }
    List<Slice> slices = new ArrayList<>();
    for (CodeRange part : parts) {
      slices.add(Slice.due(slices.size(), part, wish.requestedAt()));
    }
    ActivationRows.insert(connection, key, id, wish, slices);
    events.add(
        SliceTurn.event(EventKind.ACTIVATION_REQUESTED, wish.requestedAt())
            .detail(codes(wish.range()) + " by " + wish.requestedBy() + ", activation " + id)
            .actor(wish.actor()));
    History.append(
        connection,
        events.stream().map(event -> new History.Entry(key, event)).toList(),
        node.name());
    audit.record(
        AuditEntry.of(AuditAction.CODES_ACTIVATED, key.authorizer())
            .object(key.isvApplicationId())
            .detail(codes(wish.range())));
    return slices.size();
  }

  private static List<CodeRange> parts(CodeApplication application, CodeRange wanted) {
    if (application.state() != ApplicationState.FINISHED) {
      throw Problems.conflict(
          "code_application_not_finished",
          "The application's codes are not ready: its state is " + application.state() + ".");
    }
    return new ReadyRanges(application.progress().reported().ranges())
        .split(wanted)
        .orElseThrow(
            () ->
                Problems.invalid(
                    wanted.codeEnd() >= application.order().codeCount() ? "code_end" : "code_start",
                    "must lie within the ranges of codes that are ready, without a gap"));
  }

  /** What cannot be done in time goes on by itself and is recorded all the same. */
  private void send(ApplicationKey key, UUID id) {
    Deadline deadline = settings.lease().startingNow(Urgency.INTERACTIVE);
    Instant now = clock.instant();
    List<ClaimedSlice> claimed =
        transactions.withConnection(
            key.provider(),
            connection ->
                SliceClaims.ofActivation(
                    connection,
                    key.provider(),
                    id,
                    now,
                    SLICES_AT_ONCE,
                    RequestHolder.of(node),
                    settings.lease()));
    RequestPatience.await(
        "activation",
        RequestPatience.LONGEST_WAIT,
        () -> {
          for (Future<Boolean> done : sideBySide(claimed, deadline)) {
            done.get();
          }
          return true;
        });
  }

  private List<Future<Boolean>> sideBySide(List<ClaimedSlice> claimed, Deadline deadline)
      throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.invokeAll(
          claimed.stream()
              .<Callable<Boolean>>map(
                  slice ->
                      () -> {
                        writer.write(calls.take(slice, deadline));
                        return true;
                      })
              .toList());
    }
  }

  private static HttpProblem overlap(Overlap overlap) {
    return Problems.conflict(
        "activation_overlap",
        "Activation "
            + overlap.activation()
            + " has "
            + overlap.slice().codes()
            + " already. To bind them anew, send \"replace\": true.");
  }

  private static HttpProblem underWay(Overlap overlap) {
    return Problems.conflict(
        "activation_under_way",
        "WeChat is being told of "
            + overlap.slice().codes()
            + " for activation "
            + overlap.activation()
            + " at this moment: try again in a minute.");
  }

  private static HttpProblem refused(CodeActivation activation) {
    Optional<LastError> error = Optional.ofNullable(activation.standing().lastError());
    return Problems.refusedByWeChat(
        new Failure.Rejected(
            new WeChatError(
                SliceDecision.SEND,
                error.map(LastError::errcode).orElse(null),
                error.map(LastError::errmsg).orElse(""),
                error.map(LastError::rid).orElse(null))));
  }

  private static String codes(CodeRange range) {
    return "codes " + range.codeStart() + " to " + range.codeEnd();
  }
}
