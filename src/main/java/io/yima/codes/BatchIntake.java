package io.yima.codes;

import io.yima.api.FieldError;
import io.yima.api.Problems;
import io.yima.authorizer.AuthorizerStanding;
import io.yima.codes.BatchView.ItemView;
import io.yima.quota.OrderObstacle;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.tenancy.AuthorizerId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A batch on its way into the ledger, within one transaction. */
final class BatchIntake {

  private final Connection connection;
  private final List<PlacedOrder> batch;
  private final Map<AuthorizerId, AuthorizerStanding> standings;
  private final Map<ApplicationKey, ItemView> outcomes = new HashMap<>();
  private final List<History.Entry> events = new ArrayList<>();
  private final List<AuditEntry> audit = new ArrayList<>();

  BatchIntake(
      Connection connection,
      List<PlacedOrder> batch,
      Map<AuthorizerId, AuthorizerStanding> standings) {
    this.connection = connection;
    this.batch = batch;
    this.standings = standings;
  }

  /** Stores all; throws the 422 that names each order that conflicts with what is stored. */
  BatchView store() throws SQLException {
    List<PlacedOrder> open = batch;
    // Another round only where somebody reopened an order between our look and our write.
    while (!open.isEmpty()) {
      open = storeMost(open);
    }
    return new BatchView(batch.stream().map(one -> present(outcomes.get(one.key()))).toList());
  }

  /** What is to be told of it in the history. */
  List<History.Entry> events() {
    return events;
  }

  /** What is to be told of it in the audit trail. */
  List<AuditEntry> audit() {
    return audit;
  }

  /** Gives those that have to be looked at once more. */
  private List<PlacedOrder> storeMost(List<PlacedOrder> open) throws SQLException {
    Set<ApplicationKey> inserted =
        BatchLedger.insert(connection, open.stream().filter(this::mayBeOrdered).toList());
    open.stream()
        .filter(one -> inserted.contains(one.key()))
        .forEach(one -> accept(one, EventKind.REQUESTED, null));
    List<PlacedOrder> rest = open.stream().filter(one -> !inserted.contains(one.key())).toList();
    Map<ApplicationKey, CodeApplication> known = BatchLedger.find(connection, rest);
    refuseConflicts(known);
    List<PlacedOrder> over = new ArrayList<>();
    List<PlacedOrder> standing = new ArrayList<>();
    rest.forEach(
        one -> (present(known.get(one.key())).state().reopenable() ? over : standing).add(one));
    keep(standing, known);
    return reopen(over, known);
  }

  private void keep(List<PlacedOrder> standing, Map<ApplicationKey, CodeApplication> known)
      throws SQLException {
    Set<ApplicationKey> woken = BatchLedger.wake(connection, standing);
    for (PlacedOrder one : standing) {
      ApplicationState state = present(known.get(one.key())).state();
      outcomes.put(one.key(), ItemView.of(one.key(), BatchOutcome.EXISTS, state));
      if (woken.contains(one.key())) {
        tell(one, EventKind.WOKEN, state, "ordered again by " + one.order().requestedBy());
        audit.add(
            AuditEntry.of(AuditAction.APPLICATION_WOKEN, one.key().authorizer())
                .object(one.key().isvApplicationId()));
      }
    }
  }

  private List<PlacedOrder> reopen(
      List<PlacedOrder> over, Map<ApplicationKey, CodeApplication> known) throws SQLException {
    Set<ApplicationKey> reopened = BatchLedger.reopen(connection, over, known);
    List<PlacedOrder> movedOn = new ArrayList<>();
    for (PlacedOrder one : over) {
      if (reopened.contains(one.key())) {
        accept(one, EventKind.REOPENED, present(known.get(one.key())).state());
      } else {
        movedOn.add(one);
      }
    }
    return movedOn;
  }

  private void accept(PlacedOrder one, EventKind kind, @Nullable ApplicationState from) {
    ApplicationKey key = one.key();
    String count = "code_count " + one.order().codeCount();
    outcomes.put(key, ItemView.of(key, BatchOutcome.ACCEPTED, ApplicationState.SUBMITTING));
    tell(one, kind, from, count + " by " + one.order().requestedBy());
    audit.add(
        AuditEntry.of(AuditAction.APPLICATION_ORDERED, key.authorizer())
            .object(key.isvApplicationId())
            .detail(count));
  }

  private void tell(
      PlacedOrder one, EventKind kind, @Nullable ApplicationState from, String detail) {
    ApplicationEvent event =
        ApplicationEvent.of(kind, one.order().requestedAt(), from, ApplicationState.SUBMITTING)
            .detail(detail)
            .actor(one.order().actor());
    events.add(new History.Entry(one.key(), event));
  }

  private boolean mayBeOrdered(PlacedOrder order) {
    return OrderObstacle.of(standings.get(order.key().authorizer())).isEmpty();
  }

  /** An order that stands is looked at before its merchant is. */
  private void refuseConflicts(Map<ApplicationKey, CodeApplication> known) {
    List<FieldError> errors = new ArrayList<>();
    for (PlacedOrder one : batch) {
      CodeApplication stored = known.get(one.key());
      if (stored != null && !stored.state().reopenable()) {
        if (stored.order().codeCount() != one.order().codeCount()) {
          errors.add(otherCount(one, stored.order().codeCount()));
        }
      } else if (!outcomes.containsKey(one.key())) {
        OrderObstacle.of(standings.get(one.key().authorizer()))
            .ifPresent(
                obstacle ->
                    errors.add(
                        one.refused("authorizer_appid", obstacle.detail(), obstacle.code())));
      }
    }
    if (!errors.isEmpty()) {
      throw Problems.invalid(errors);
    }
  }

  private static FieldError otherCount(PlacedOrder one, long codeCount) {
    return one.refused(
        "isv_application_id",
        "This isv_application_id stands for an order of " + codeCount + " codes.",
        "isv_application_id_conflict");
  }

  /** Rows of the ledger never disappear. */
  private static <T> T present(@Nullable T value) {
    return Optional.ofNullable(value).orElseThrow();
  }
}
