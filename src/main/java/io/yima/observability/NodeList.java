package io.yima.observability;

import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.database.WorkerDatabase;
import io.yima.observability.NodeView.State;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The nodes of this database and the leases they hold; with worker rights, being no tenant's. */
@ApplicationScoped
class NodeList {

  /** Three times the rhythm in which nodes tell that they run. */
  private static final Duration SILENCE = Duration.ofSeconds(90);

  private static final String PAGE =
      """
      select name, version, started_at, seen_at, stopped_at from node
      where name > ? order by name limit ?
      """;

  /**
   * Of due work only, which an index answers; a lease is the node's whichever of its parts took it.
   */
  private static final String ACROSS_TENANTS_LEASES =
      """
      select split_part(lease_owner, '/', 1) as holder, kind, count(*) as held from (
        select lease_owner, 'token-refresh' as kind from authorizer_token
          where next_refresh_at <= ? and lease_until > now()
        union all select lease_owner, 'application-sync' from code_application
          where next_sync_at is not null and lease_until > now()
        union all select lease_owner, 'code-activation' from code_activation_slice
          where next_attempt_at is not null and lease_until > now()
        union all select lease_owner, 'component-token' from component
          where lease_until > now()
        union all select lease_owner, 'reconcile' from reconciliation
          where lease_until > now()
        union all select lease_owner, 'callback-inbox' from callback_inbox
          where next_attempt_at is not null and lease_until > now()) leased
      where lease_owner is not null
      group by holder, kind order by holder, kind
      """;

  private final WorkerDatabase database;
  private final Clock clock;

  NodeList(WorkerDatabase database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  Page<NodeView> page(PageRequest request) {
    Instant now = clock.instant();
    String after = request.after(List::getFirst).orElse("");
    List<NodeView> nodes =
        database.transaction(
            connection -> {
              try (PreparedStatement leases = connection.prepareStatement(ACROSS_TENANTS_LEASES);
                  PreparedStatement page = connection.prepareStatement(PAGE)) {
                leases.setObject(1, now.atOffset(ZoneOffset.UTC));
                page.setString(1, after);
                page.setInt(2, request.limitPlusOne());
                return nodes(page, leases(leases), now);
              }
            });
    return Page.of(nodes, request, node -> List.of(node.name()));
  }

  private static Map<String, Map<String, Integer>> leases(PreparedStatement select)
      throws SQLException {
    Map<String, Map<String, Integer>> leases = new HashMap<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        leases
            .computeIfAbsent(row.getString("holder"), holder -> new HashMap<>())
            .put(row.getString("kind"), row.getInt("held"));
      }
    }
    return leases;
  }

  private static List<NodeView> nodes(
      PreparedStatement select, Map<String, Map<String, Integer>> leases, Instant now)
      throws SQLException {
    List<NodeView> nodes = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        String name = row.getString("name");
        Instant seenAt = row.getObject("seen_at", OffsetDateTime.class).toInstant();
        OffsetDateTime stoppedAt = row.getObject("stopped_at", OffsetDateTime.class);
        nodes.add(
            new NodeView(
                name,
                row.getString("version"),
                state(seenAt, stoppedAt, now),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                seenAt,
                stoppedAt == null ? null : stoppedAt.toInstant(),
                leases.getOrDefault(name, Map.of())));
      }
    }
    return nodes;
  }

  private static State state(Instant seenAt, @Nullable OffsetDateTime stoppedAt, Instant now) {
    if (stoppedAt != null) {
      return State.STOPPED;
    }
    return seenAt.plus(SILENCE).isBefore(now) ? State.GONE : State.RUNNING;
  }
}
