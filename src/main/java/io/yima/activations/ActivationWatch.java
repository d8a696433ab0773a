package io.yima.activations;

import io.yima.authorizer.AuthorizerChanged;
import io.yima.authorizer.AuthorizerStatus;
import io.yima.database.Columns;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.AuthorizerId;
import io.yima.work.WorkLoops;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Instant;

/** Tries blocked activations at once when their merchant was authorized or updated. */
@ApplicationScoped
class ActivationWatch {

  /** Locked in the order in which {@link SliceRecords} locks. */
  private static final String WAKE =
      """
      with waiting as materialized (
        select provider_id, activation_id, number
        from code_activation_slice
        where provider_id = ? and authorizer_appid = ? and blocked and next_attempt_at > ?
          and (lease_until is null or lease_until < now())
        order by provider_id, activation_id, number
        for no key update)
      update code_activation_slice s set next_attempt_at = ?
      from waiting w
      where s.provider_id = w.provider_id and s.activation_id = w.activation_id
        and s.number = w.number
      """;

  private final WorkerDatabase database;
  private final WorkLoops loops;
  private final Clock clock;

  ActivationWatch(WorkerDatabase database, WorkLoops loops, Clock clock) {
    this.database = database;
    this.loops = loops;
    this.clock = clock;
  }

  void changed(@Observes AuthorizerChanged change) {
    boolean canMove =
        change.standing().status() == AuthorizerStatus.ACTIVE
            && change.standing().marketingCodeSet();
    if (canMove && wake(change.authorizer()) > 0) {
      loops.wake(ActivationWork.KIND);
    }
  }

  private int wake(AuthorizerId authorizer) {
    Instant now = clock.instant();
    return database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(WAKE)) {
            update.setObject(1, authorizer.provider().value());
            update.setString(2, authorizer.authorizerAppid());
            update.setObject(3, Columns.of(now));
            update.setObject(4, Columns.of(now));
            return update.executeUpdate();
          }
        });
  }
}
