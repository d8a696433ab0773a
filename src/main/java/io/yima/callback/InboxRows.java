package io.yima.callback;

import io.yima.database.WorkerDatabase;
import io.yima.secrets.Secret;
import io.yima.secrets.Unsealer;
import io.yima.tenancy.ProviderId;
import io.yima.work.LastError;
import io.yima.work.Lease;
import io.yima.work.Node;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The inbox as background work sees it, by plain JDBC. */
@ApplicationScoped
class InboxRows {

  private static final String CLAIM =
      """
      with due as materialized (
        select provider_id, id from callback_inbox
        where next_attempt_at <= ? and (lease_until is null or lease_until < now())
        order by next_attempt_at
        limit ?
        for update skip locked)
      update callback_inbox i
      set generation = i.generation + 1, lease_owner = ?, lease_until = now() + ?::interval
      from due, provider p
      where i.provider_id = due.provider_id and i.id = due.id and p.id = i.provider_id
      returning i.provider_id, i.id, i.generation, p.status, i.kind, i.appid, i.create_time,
        i.body, i.received_at, i.attempts
      """;

  // The text is erased whatever the kind: what we do not know may hold codes as well.
  private static final String RECORD =
      """
      update callback_inbox i
      set handled_at = case when o.outcome is not null then o.at end, outcome = o.outcome,
        body = case when o.outcome is null then i.body end,
        next_attempt_at = case when o.outcome is null then o.at end,
        attempts = i.attempts + case when o.outcome is null then 1 else 0 end,
        last_error = o.last_error::jsonb, lease_owner = null, lease_until = null
      from unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::timestamptz[])
        as o(provider_id, id, generation, outcome, last_error, at)
      where i.provider_id = o.provider_id and i.id = o.id and i.generation = o.generation
      returning i.id
      """;

  private static final String GIVE_BACK =
      "update callback_inbox set lease_owner = null, lease_until = null"
          + " where lease_owner = ? and next_attempt_at is not null";

  private final WorkerDatabase database;
  private final Unsealer unsealer;
  private final Node node;

  InboxRows(WorkerDatabase database, Unsealer unsealer, Node node) {
    this.database = database;
    this.unsealer = unsealer;
    this.node = node;
  }

  List<ClaimedPush> claim(int limit, Instant now, Lease lease) {
    return database.transaction(
        connection -> {
          try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            claim.setObject(1, now.atOffset(ZoneOffset.UTC));
            claim.setInt(2, limit);
            claim.setString(3, node.name());
            claim.setString(4, lease.interval());
            return claimed(claim);
          }
        });
  }

  /** Writes outcomes; returns those whose row was still theirs. */
  Set<InboxOutcome> record(List<InboxOutcome> outcomes) {
    Set<UUID> written = database.transaction(connection -> write(connection, outcomes));
    return outcomes.stream()
        .filter(outcome -> written.contains(outcome.push().id()))
        .collect(Collectors.toSet());
  }

  void giveBack() {
    database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(GIVE_BACK)) {
            update.setString(1, node.name());
            return update.executeUpdate();
          }
        });
  }

  private static Set<UUID> write(Connection connection, List<InboxOutcome> outcomes)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(RECORD)) {
      array(connection, update, 1, "uuid", outcomes, it -> it.push().provider().value());
      array(connection, update, 2, "uuid", outcomes, it -> it.push().id());
      array(connection, update, 3, "bigint", outcomes, it -> it.push().generation());
      array(connection, update, 4, "text", outcomes, InboxOutcome::outcome);
      array(connection, update, 5, "text", outcomes, it -> json(it.error()));
      array(connection, update, 6, "timestamptz", outcomes, it -> it.at().toString());
      Set<UUID> written = new HashSet<>();
      try (ResultSet row = update.executeQuery()) {
        while (row.next()) {
          written.add(row.getObject(1, UUID.class));
        }
      }
      return written;
    }
  }

  private static void array(
      Connection connection,
      PreparedStatement statement,
      int index,
      String type,
      List<InboxOutcome> outcomes,
      Function<InboxOutcome, @Nullable Object> value)
      throws SQLException {
    @Nullable Object[] values = outcomes.stream().map(value).toArray();
    statement.setArray(index, connection.createArrayOf(type, values));
  }

  private static @Nullable String json(@Nullable LastError error) {
    return error == null ? null : error.toJson();
  }

  private List<ClaimedPush> claimed(PreparedStatement claim) throws SQLException {
    List<ClaimedPush> claimed = new ArrayList<>();
    try (ResultSet row = claim.executeQuery()) {
      while (row.next()) {
        claimed.add(push(row));
      }
    }
    return claimed;
  }

  private ClaimedPush push(ResultSet row) throws SQLException {
    ProviderId provider = new ProviderId(row.getObject("provider_id", UUID.class));
    UUID id = row.getObject("id", UUID.class);
    @Nullable Secret xml = unsealer.open(Inbox.place(provider, id), row.getBytes("body"));
    return new ClaimedPush(
        provider,
        id,
        row.getLong("generation"),
        "ARCHIVED".equals(row.getString("status")),
        row.getString("kind"),
        row.getString("appid"),
        row.getLong("create_time"),
        xml,
        row.getObject("received_at", OffsetDateTime.class).toInstant(),
        row.getInt("attempts"));
  }
}
