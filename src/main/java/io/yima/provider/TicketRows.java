package io.yima.provider;

import io.yima.database.WorkerDatabase;
import io.yima.secrets.Sealer;
import io.yima.secrets.Secret;
import io.yima.secrets.Unsealer;
import io.yima.tenancy.ProviderId;
import io.yima.work.LastError;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Verify tickets in the database, by plain JDBC. */
@ApplicationScoped
class TicketRows {

  // Only a newer ticket replaces. One that ends a want of tickets makes the token due at once.
  private static final String KEEP =
      """
      update component c
      set verify_ticket = ?, verify_ticket_create_time = ?, verify_ticket_received_at = ?,
        next_ticket_check_at = case when p.status = 'ACTIVE' then ?::timestamptz end,
        push_error = null,
        next_refresh_at = case
          when p.status = 'ACTIVE' and (c.last_error ->> 'code' = ?
            or (c.last_error ->> 'errcode')::integer = any (?))
          then least(c.next_refresh_at, ?) else c.next_refresh_at end
      from provider p
      where p.id = c.provider_id and c.provider_id = ?
        and (c.verify_ticket_create_time is null or c.verify_ticket_create_time < ?)
      returning c.next_refresh_at <= ?
      """;

  private static final String CHECK_SOON =
      """
      update component c
      set next_ticket_check_at = greatest(?::timestamptz, c.push_requested_at + ?::interval)
      from provider p
      where p.id = c.provider_id and p.status = 'ACTIVE' and c.provider_id = ?
        and c.next_ticket_check_at > greatest(?::timestamptz, c.push_requested_at + ?::interval)
      """;

  private static final String CLAIM_MISSED =
      """
      with due as materialized (
        select provider_id from component
        where next_ticket_check_at <= ?
        order by next_ticket_check_at
        limit ?
        for update skip locked)
      update component c
      set push_requested_at = ?, next_ticket_check_at = ?
      from due, provider p
      where c.provider_id = due.provider_id and p.id = c.provider_id
      returning c.provider_id, p.component_appid, c.component_appsecret,
        c.verify_ticket_received_at
      """;

  private static final String RECORD_ANSWER =
      """
      update component set push_error = ?::jsonb
      where provider_id = ? and push_requested_at = ?
      """;

  private static final String BETWEEN_REQUESTS =
      TicketTimes.BETWEEN_REQUESTS.toSeconds() + " seconds";

  private final WorkerDatabase database;
  private final Sealer sealer;
  private final Unsealer unsealer;

  TicketRows(WorkerDatabase database, Sealer sealer, Unsealer unsealer) {
    this.database = database;
    this.sealer = sealer;
    this.unsealer = unsealer;
  }

  /**
   * A provider of whom no ticket came in time.
   *
   * @param appsecret absent when it does not open
   */
  record Missed(
      ProviderId provider,
      String componentAppid,
      @Nullable Secret appsecret,
      @Nullable Instant lastReceivedAt) {}

  /** Tells whether the component token is due now. */
  boolean keep(ProviderId provider, Secret ticket, long createTime, Instant now) {
    return database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(KEEP)) {
            update.setBytes(1, sealer.seal(ComponentPlaces.verifyTicket(provider), ticket));
            update.setLong(2, createTime);
            update.setObject(3, ComponentRows.at(now));
            update.setObject(4, ComponentRows.at(TicketTimes.checkAfter(now)));
            update.setString(5, ComponentTokenFetch.TICKET_MISSING);
            update.setArray(
                6,
                connection.createArrayOf("integer", ComponentTokenFetch.TICKET_REFUSED.toArray()));
            update.setObject(7, ComponentRows.at(now));
            update.setObject(8, provider.value());
            update.setLong(9, createTime);
            update.setObject(10, ComponentRows.at(now));
            try (ResultSet row = update.executeQuery()) {
              return row.next() && row.getBoolean(1);
            }
          }
        });
  }

  boolean checkSoon(ProviderId provider, Instant now) {
    return database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(CHECK_SOON)) {
            update.setObject(1, ComponentRows.at(now));
            update.setString(2, BETWEEN_REQUESTS);
            update.setObject(3, provider.value());
            update.setObject(4, ComponentRows.at(now));
            update.setString(5, BETWEEN_REQUESTS);
            return update.executeUpdate() == 1;
          }
        });
  }

  List<Missed> claimMissed(int limit, Instant now) {
    return database.transaction(
        connection -> {
          try (PreparedStatement claim = connection.prepareStatement(CLAIM_MISSED)) {
            claim.setObject(1, ComponentRows.at(now));
            claim.setInt(2, limit);
            claim.setObject(3, ComponentRows.at(now));
            claim.setObject(4, ComponentRows.at(now.plus(TicketTimes.BETWEEN_REQUESTS)));
            return missed(claim);
          }
        });
  }

  void recordAnswer(ProviderId provider, Instant askedAt, @Nullable LastError error) {
    database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(RECORD_ANSWER)) {
            update.setString(1, error == null ? null : error.toJson());
            update.setObject(2, provider.value());
            update.setObject(3, ComponentRows.at(askedAt));
            return update.executeUpdate();
          }
        });
  }

  private List<Missed> missed(PreparedStatement claim) throws SQLException {
    List<Missed> missed = new ArrayList<>();
    try (ResultSet row = claim.executeQuery()) {
      while (row.next()) {
        ProviderId provider = new ProviderId(row.getObject("provider_id", UUID.class));
        missed.add(
            new Missed(
                provider,
                row.getString("component_appid"),
                unsealer.open(
                    ComponentPlaces.appsecret(provider), row.getBytes("component_appsecret")),
                ComponentRows.instant(row, "verify_ticket_received_at")));
      }
    }
    return missed;
  }
}
