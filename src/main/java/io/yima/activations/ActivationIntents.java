package io.yima.activations;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.activations.ActivationRows.Overlap;
import io.yima.activations.CodeActivation.Wish;
import io.yima.api.Problems;
import io.yima.codes.ApplicationEvent;
import io.yima.codes.ApplicationKey;
import io.yima.codes.ApplicationState;
import io.yima.codes.CodeApplication;
import io.yima.codes.CodeApplications;
import io.yima.codes.EventKind;
import io.yima.codes.History;
import io.yima.codes.Ledger;
import io.yima.codes.ReadyRanges;
import io.yima.database.Ids;
import io.yima.quota.ApiQuotas;
import io.yima.quota.CountedApis;
import io.yima.quota.OrderObstacle;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.work.Node;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Stores activations, cut along WeChat's ranges, before WeChat is told, and lets no two of them
 * bind the same codes unless that is asked for. With the application's row locked: of two that
 * overlap, the second one sees the first.
 */
@ApplicationScoped
class ActivationIntents {

  private final ProviderTransactions transactions;
  private final AuditTrail audit;
  private final Node node;

  /**
   * An activation as it was stored, now or before.
   *
   * @param repeated whether it was there already
   */
  record Stored(UUID id, boolean repeated) {}

  ActivationIntents(ProviderTransactions transactions, AuditTrail audit, Node node) {
    this.transactions = transactions;
    this.audit = audit;
    this.node = node;
  }

  /** Throws the problems of the contract. */
  Stored store(ApplicationKey key, Wish wish) {
    return transactions.withConnection(
        key.provider(), connection -> insert(connection, lock(connection, key), wish));
  }

  /**
   * {@link #store}, for callers who know neither activations nor {@code replace}. The same wish
   * again is the same activation for as long as none came after it, and what WeChat refused of it,
   * or has yet to confirm, is due again. Another wish for exactly the codes that were bound
   * together last binds them anew; any other overlap is refused.
   */
  Stored storeOnce(ApplicationKey key, Wish wish) {
    return transactions.withConnection(
        key.provider(),
        connection -> {
          CodeApplication application = lock(connection, key);
          Optional<CodeActivation> last = ActivationRows.last(connection, key, wish.range());
          if (last.isPresent() && last.get().wish().isSameAs(wish)) {
            wake(connection, last.get(), wish);
            return new Stored(last.get().id(), true);
          }
          boolean anew =
              last.filter(former -> former.wish().range().equals(wish.range())).isPresent();
          return insert(connection, application, anew ? wish.replacing() : wish);
        });
  }

  private static CodeApplication lock(Connection connection, ApplicationKey key)
      throws SQLException {
    return Ledger.lock(connection, key).orElseThrow(CodeApplications::notFound);
  }

  private Stored insert(Connection connection, CodeApplication application, Wish wish)
      throws SQLException {
    ApplicationKey key = application.key();
    // Under the application's lock: whatever nodes' clocks say, ids tell which came last.
    UUID id = ActivationRows.newest(connection, key).map(Ids::nextAfter).orElseGet(Ids::next);
    List<CodeRange> parts = parts(application, wish.range());
    OrderObstacle.refuseWhileParked(
        ApiQuotas.parkedUntil(
                connection, key.authorizer(), CountedApis.ACTIVATE_CODES, wish.requestedAt())
            .orElse(null),
        wish.requestedAt());
    List<ApplicationEvent> events = replaced(connection, key, id, wish);
    List<Slice> slices = new ArrayList<>();
    for (CodeRange part : parts) {
      slices.add(Slice.due(slices.size(), part, wish.requestedAt()));
    }
    ActivationRows.insert(connection, key, id, wish, slices);
    events.add(
        SliceTurn.event(EventKind.ACTIVATION_REQUESTED, wish.requestedAt())
            .detail(codes(wish.range()) + " by " + wish.requestedBy() + ", activation " + id)
            .actor(wish.actor()));
    tell(connection, key, events, codes(wish.range()));
    return new Stored(id, false);
  }

  /** Takes the codes out of what is not confirmed, or refuses. */
  private static List<ApplicationEvent> replaced(
      Connection connection, ApplicationKey key, UUID id, Wish wish) throws SQLException {
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
    return events;
  }

  private void wake(Connection connection, CodeActivation stored, Wish wish) throws SQLException {
    Instant now = wish.requestedAt();
    if (ActivationRows.wake(connection, stored, now) > 0) {
      ApplicationEvent event =
          SliceTurn.event(EventKind.WOKEN, now)
              .detail("activation " + stored.id() + " again by " + wish.requestedBy())
              .actor(wish.actor());
      tell(connection, stored.application(), List.of(event), codes(wish.range()) + " again");
    }
  }

  private void tell(
      Connection connection, ApplicationKey key, List<ApplicationEvent> events, String detail)
      throws SQLException {
    History.append(
        connection,
        events.stream().map(event -> new History.Entry(key, event)).toList(),
        node.name());
    audit.record(
        AuditEntry.of(AuditAction.CODES_ACTIVATED, key.authorizer())
            .object(key.isvApplicationId())
            .detail(detail));
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

  private static HttpProblem overlap(Overlap overlap) {
    return Problems.conflict(
        "activation_overlap",
        "Activation "
            + overlap.activation()
            + " has "
            + overlap.slice().codes()
            + " already. Only an activation with \"replace\": true binds them anew.");
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

  private static String codes(CodeRange range) {
    return "codes " + range.codeStart() + " to " + range.codeEnd();
  }
}
