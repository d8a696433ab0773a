package io.yima.codes;

import io.yima.authorizer.AuthorizerChanged;
import io.yima.authorizer.AuthorizerStatus;
import io.yima.database.Columns;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.AuthorizerId;
import io.yima.work.Node;
import io.yima.work.WorkLoops;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Tries blocked applications at once when their merchant was authorized or updated. */
@ApplicationScoped
class AuthorizerWatch {

  /** Locked in the order in which {@link LedgerRecords} locks. */
  private static final String WAKE =
      """
      with waiting as materialized (
        select provider_id, authorizer_appid, isv_application_id
        from code_application
        where provider_id = ? and authorizer_appid = ? and blocked and next_sync_at > ?
          and (lease_until is null or lease_until < now())
        order by provider_id, authorizer_appid, isv_application_id
        for no key update)
      update code_application a set next_sync_at = ?
      from waiting w
      where a.provider_id = w.provider_id and a.authorizer_appid = w.authorizer_appid
        and a.isv_application_id = w.isv_application_id
      returning a.provider_id, a.authorizer_appid, a.isv_application_id, a.state
      """;

  private final WorkerDatabase database;
  private final WorkLoops loops;
  private final Clock clock;
  private final Node node;

  AuthorizerWatch(WorkerDatabase database, WorkLoops loops, Clock clock, Node node) {
    this.database = database;
    this.loops = loops;
    this.clock = clock;
    this.node = node;
  }

  void changed(@Observes AuthorizerChanged change) {
    boolean canMove =
        change.standing().status() == AuthorizerStatus.ACTIVE
            && change.standing().marketingCodeSet();
    if (canMove && wake(change.authorizer()) > 0) {
      loops.wake(ApplicationSync.KIND);
    }
  }

  private int wake(AuthorizerId authorizer) {
    Instant now = clock.instant();
    return database.transaction(
        connection -> {
          List<History.Entry> woken = wake(connection, authorizer, now);
          History.append(connection, woken, node.name());
          return woken.size();
        });
  }

  private static List<History.Entry> wake(
      Connection connection, AuthorizerId authorizer, Instant now) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(WAKE)) {
      update.setObject(1, authorizer.provider().value());
      update.setString(2, authorizer.authorizerAppid());
      update.setObject(3, Columns.of(now));
      update.setObject(4, Columns.of(now));
      List<History.Entry> woken = new ArrayList<>();
      try (ResultSet rows = update.executeQuery()) {
        while (rows.next()) {
          ApplicationState state = ApplicationState.valueOf(rows.getString("state"));
          woken.add(
              new History.Entry(
                  ApplicationKey.read(rows),
                  ApplicationEvent.of(EventKind.WOKEN, now, state, state)
                      .detail("authorizer changed")));
        }
      }
      return woken;
    }
  }
}
