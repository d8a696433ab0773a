package io.yima.provider;

import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.work.LastError;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** Reads how a provider's component app stands, without its secrets. */
@ApplicationScoped
public class ComponentStates {

  private static final String READ =
      """
      select return_url, verify_ticket_received_at, push_requested_at, push_error,
        access_token_expires_at, refreshed_at, next_refresh_at, rejected_at, attempts, last_error
      from component where provider_id = ?
      """;

  private final ProviderTransactions transactions;

  ComponentStates(ProviderTransactions transactions) {
    this.transactions = transactions;
  }

  /** Whether the platform itself can make calls, as far as is known without asking WeChat. */
  public ComponentHealth health(ProviderId provider, Instant now) {
    return ComponentHealth.of(of(provider), now);
  }

  ComponentState of(ProviderId provider) {
    return transactions.withConnection(
        provider,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(READ)) {
            select.setObject(1, provider.value());
            try (ResultSet row = select.executeQuery()) {
              row.next();
              return state(row);
            }
          }
        });
  }

  private static ComponentState state(ResultSet row) throws SQLException {
    return new ComponentState(
        row.getString("return_url"),
        ComponentRows.instant(row, "verify_ticket_received_at"),
        ComponentRows.instant(row, "push_requested_at"),
        LastError.parse(row.getString("push_error")),
        ComponentRows.instant(row, "access_token_expires_at"),
        ComponentRows.instant(row, "refreshed_at"),
        ComponentRows.instant(row, "next_refresh_at"),
        ComponentRows.instant(row, "rejected_at"),
        row.getInt("attempts"),
        LastError.parse(row.getString("last_error")));
  }
}
