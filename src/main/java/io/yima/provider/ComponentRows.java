package io.yima.provider;

import io.yima.database.WorkerDatabase;
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
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Component tokens in the database: read, claimed and given back, by plain JDBC. */
@ApplicationScoped
class ComponentRows {

  private static final String READ =
      """
      select p.component_appid, p.status, c.generation,
        coalesce(c.lease_until >= now(), false) as leased,
        c.access_token, c.access_token_expires_at, c.refreshed_at, c.rejections,
        c.next_refresh_at, c.last_error
      from component c join provider p on p.id = c.provider_id
      where c.provider_id = ?
      """;

  private static final String CLAIMED =
      """
      returning c.provider_id, p.component_appid, c.generation, c.component_appsecret,
        c.verify_ticket, c.verify_ticket_received_at, c.attempts
      """;

  // Naming the generation that was read keeps a caller from fetching a second token right after
  // another one has recorded the first.
  private static final String CLAIM =
      """
      update component c
      set generation = c.generation + 1, lease_owner = ?, lease_until = now() + ?::interval
      from provider p
      where p.id = c.provider_id and p.status = 'ACTIVE' and c.provider_id = ?
        and c.generation = ? and (c.lease_until is null or c.lease_until < now())
      """
          + CLAIMED;

  /** Keeps everybody from fetching until then; the token stays, should WeChat be wrong about it. */
  private static final String STAND_BACK =
      """
      update component
      set generation = generation + 1, next_refresh_at = ?, attempts = attempts + 1,
        last_error = ?::jsonb, rejected_at = ?, rejections = ?
      where provider_id = ? and generation = ? and (lease_until is null or lease_until < now())
      """;

  private static final String NOTE_REJECTION =
      """
      update component set rejected_at = ?, rejections = ?
      where provider_id = ? and generation = ?
      """;

  private static final String CLAIM_DUE =
      """
      with due as materialized (
        select d.provider_id from component d join provider a on a.id = d.provider_id
        where d.next_refresh_at <= ? and (d.lease_until is null or d.lease_until < now())
          and a.status = 'ACTIVE'
        order by d.next_refresh_at
        limit ?
        for update of d skip locked)
      update component c
      set generation = c.generation + 1, lease_owner = ?, lease_until = now() + ?::interval
      from due, provider p
      where c.provider_id = due.provider_id and p.id = c.provider_id
      """
          + CLAIMED;

  private static final String GIVE_BACK =
      """
      update component set lease_owner = null, lease_until = null
      where lease_owner = ? and provider_id <> all (?)
      """;

  private final WorkerDatabase database;
  private final Unsealer unsealer;
  private final Node node;

  ComponentRows(WorkerDatabase database, Unsealer unsealer, Node node) {
    this.database = database;
    this.unsealer = unsealer;
    this.node = node;
  }

  ComponentRow read(ProviderId provider) {
    return database.statement(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(READ)) {
            select.setObject(1, provider.value());
            try (ResultSet row = select.executeQuery()) {
              if (!row.next()) {
                throw new IllegalStateException("there is no provider " + provider);
              }
              return component(provider, row);
            }
          }
        });
  }

  /** Takes the row unless it is leased or has changed since it was read. */
  Optional<ClaimedComponent> claim(ProviderId provider, long generation, Lease lease) {
    return database.transaction(connection -> claim(connection, provider, generation, lease));
  }

  private Optional<ClaimedComponent> claim(
      Connection connection, ProviderId provider, long generation, Lease lease)
      throws SQLException {
    try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
      claim.setString(1, node.name());
      claim.setString(2, lease.interval());
      claim.setObject(3, provider.value());
      claim.setLong(4, generation);
      return claimed(claim).stream().findFirst();
    }
  }

  private static void note(
      Connection connection, ProviderId provider, long generation, Rejection rejection)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(NOTE_REJECTION)) {
      update.setObject(1, at(rejection.at()));
      update.setInt(2, rejection.inARow());
      update.setObject(3, provider.value());
      update.setLong(4, generation);
      update.executeUpdate();
    }
  }

  /** The same for a token that WeChat refused, which is noted with it. */
  Optional<ClaimedComponent> claim(
      ProviderId provider, long generation, Rejection rejection, Lease lease) {
    return database.transaction(
        connection -> {
          Optional<ClaimedComponent> claimed = claim(connection, provider, generation, lease);
          if (claimed.isPresent()) {
            note(connection, provider, claimed.get().generation(), rejection);
          }
          return claimed;
        });
  }

  /** Whether nobody fetches until then; false when the row has changed since it was read. */
  boolean standBack(
      ProviderId provider, long generation, Rejection rejection, Instant nextFetchAt) {
    return database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(STAND_BACK)) {
            update.setObject(1, at(nextFetchAt));
            update.setString(2, rejection.error().toJson());
            update.setObject(3, at(rejection.at()));
            update.setInt(4, rejection.inARow());
            update.setObject(5, provider.value());
            update.setLong(6, generation);
            return update.executeUpdate() > 0;
          }
        });
  }

  List<ClaimedComponent> claimDue(int limit, Instant now, Lease lease) {
    return database.transaction(
        connection -> {
          try (PreparedStatement claim = connection.prepareStatement(CLAIM_DUE)) {
            claim.setObject(1, at(now));
            claim.setInt(2, limit);
            claim.setString(3, node.name());
            claim.setString(4, lease.interval());
            return claimed(claim);
          }
        });
  }

  /** Ends this node's leases but those of the providers it is still working for. */
  void giveBack(Collection<ProviderId> busy) {
    UUID[] kept = busy.stream().map(ProviderId::value).toArray(UUID[]::new);
    database.transaction(connection -> giveBack(connection, kept));
  }

  private int giveBack(Connection connection, UUID[] kept) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(GIVE_BACK)) {
      update.setString(1, node.name());
      update.setArray(2, connection.createArrayOf("uuid", kept));
      return update.executeUpdate();
    }
  }

  private ComponentRow component(ProviderId provider, ResultSet row) throws SQLException {
    return new ComponentRow(
        row.getString("component_appid"),
        "ARCHIVED".equals(row.getString("status")),
        row.getLong("generation"),
        row.getBoolean("leased"),
        unsealer.open(ComponentPlaces.accessToken(provider), row.getBytes("access_token")),
        instant(row, "access_token_expires_at"),
        instant(row, "refreshed_at"),
        row.getInt("rejections"),
        instant(row, "next_refresh_at"),
        LastError.parse(row.getString("last_error")));
  }

  private List<ClaimedComponent> claimed(PreparedStatement claim) throws SQLException {
    List<ClaimedComponent> claimed = new ArrayList<>();
    try (ResultSet row = claim.executeQuery()) {
      while (row.next()) {
        ProviderId provider = new ProviderId(row.getObject("provider_id", UUID.class));
        claimed.add(
            new ClaimedComponent(
                provider,
                row.getString("component_appid"),
                row.getLong("generation"),
                unsealer.open(
                    ComponentPlaces.appsecret(provider), row.getBytes("component_appsecret")),
                unsealer.open(
                    ComponentPlaces.verifyTicket(provider), row.getBytes("verify_ticket")),
                instant(row, "verify_ticket_received_at"),
                row.getInt("attempts")));
      }
    }
    return claimed;
  }

  static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
    return value == null ? null : value.toInstant();
  }

  static Instant requiredInstant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
