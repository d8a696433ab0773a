package io.yima.authorizer;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.api.Problems;
import io.yima.database.Columns;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.work.LastError;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The merchants of a provider, for the rooms above. */
@ApplicationScoped
public class Authorizers {

  private static final String STANDING_OF =
      """
      select authorizer_appid, status, service_type, mini_program, ? = any(permission_sets) as set46
      from authorizer where provider_id = ? and authorizer_appid =
      """;

  private static final String STANDING = STANDING_OF + " ?";
  private static final String STANDINGS = STANDING_OF + " any(?)";

  private static final String ACCOUNT =
      """
      select a.authorizer_appid, a.status, a.service_type, a.mini_program, a.account_status,
        ? = any(a.permission_sets) as set46, a.profile_asked_at is not null as described,
        t.access_token_expires_at, t.refreshed_at, t.next_refresh_at, t.attempts, t.last_error
      from authorizer a join authorizer_token t
        on t.provider_id = a.provider_id and t.authorizer_appid = a.authorizer_appid
      where a.provider_id = ? and a.authorizer_appid = ?
      """;

  private final ProviderTransactions transactions;
  private final Clock clock;

  Authorizers(ProviderTransactions transactions, Clock clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /** Where a merchant stands; empty when this provider has no such merchant. */
  public Optional<AuthorizerStanding> standing(AuthorizerId authorizer) {
    return transactions.query(
        authorizer.provider(),
        STANDING,
        (query, first) -> {
          query.setInt(first, AuthorizerStanding.MARKETING_CODE_SET);
          query.setObject(first + 1, authorizer.provider().value());
          query.setString(first + 2, authorizer.authorizerAppid());
        },
        row -> row.next() ? Optional.of(standing(row)) : Optional.empty());
  }

  /**
   * Where many merchants stand, in one round trip; those that the provider does not have are left
   * out.
   */
  public Map<AuthorizerId, AuthorizerStanding> standings(
      ProviderId provider, Set<AuthorizerId> authorizers) {
    Object[] appids = authorizers.stream().map(AuthorizerId::authorizerAppid).toArray();
    return transactions.withConnection(
        provider,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(STANDINGS)) {
            select.setInt(1, AuthorizerStanding.MARKETING_CODE_SET);
            select.setObject(2, provider.value());
            select.setArray(3, connection.createArrayOf("text", appids));
            return standings(provider, select);
          }
        });
  }

  /** All that is known of a merchant; empty when this provider has no such merchant. */
  public Optional<AuthorizerAccount> account(AuthorizerId id) {
    return transactions.withConnection(
        id.provider(),
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(ACCOUNT)) {
            select.setInt(1, AuthorizerStanding.MARKETING_CODE_SET);
            select.setObject(2, id.provider().value());
            select.setString(3, id.authorizerAppid());
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? Optional.of(account(row)) : Optional.empty();
            }
          }
        });
  }

  private AuthorizerAccount account(ResultSet row) throws SQLException {
    AuthorizerStanding standing = standing(row);
    return new AuthorizerAccount(
        standing,
        row.getBoolean("described"),
        row.getObject("service_type", Integer.class),
        row.getBoolean("mini_program"),
        row.getObject("account_status", Integer.class),
        TokenState.of(
            standing.status(),
            Columns.instant(row, "access_token_expires_at"),
            Columns.instant(row, "refreshed_at"),
            Columns.instant(row, "next_refresh_at"),
            row.getInt("attempts"),
            LastError.parse(row.getString("last_error")),
            clock.instant()));
  }

  private static Map<AuthorizerId, AuthorizerStanding> standings(
      ProviderId provider, PreparedStatement select) throws SQLException {
    Map<AuthorizerId, AuthorizerStanding> standings = new HashMap<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        standings.put(new AuthorizerId(provider, row.getString("authorizer_appid")), standing(row));
      }
    }
    return standings;
  }

  private static AuthorizerStanding standing(ResultSet row) throws SQLException {
    return new AuthorizerStanding(
        AuthorizerStatus.valueOf(row.getString("status")),
        row.getBoolean("set46"),
        Authorizer.isServiceAccount(
            row.getObject("service_type", Integer.class), row.getBoolean("mini_program")));
  }

  /** The 404 for a merchant whom this provider has not. */
  public static HttpProblem notFound() {
    return Problems.notFound(
        "authorizer_not_found", "No such merchant has authorized this provider.");
  }

  /** Throws the 404 for a merchant whom this provider has not, the 409 for one who left. */
  public void requireActive(AuthorizerId authorizer) {
    switch (standing(authorizer).orElseThrow(Authorizers::notFound).status()) {
      case ACTIVE -> {}
      case REVOKED ->
          throw Problems.conflict("authorizer_revoked", "The merchant withdrew its authorization.");
      case REAUTHORIZATION_REQUIRED ->
          throw Problems.conflict(
              "reauthorization_required",
              "No refresh token works any more: the merchant must authorize again.");
    }
  }
}
