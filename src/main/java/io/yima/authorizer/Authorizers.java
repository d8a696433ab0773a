package io.yima.authorizer;

import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The merchants of a provider, for the rooms above. */
@ApplicationScoped
public class Authorizers {

  private static final String STANDINGS =
      """
      select authorizer_appid, status, service_type, mini_program, ? = any(permission_sets) as set46
      from authorizer where provider_id = ? and authorizer_appid = any(?)
      """;

  private final AuthorizerRecords records;
  private final ProviderTransactions transactions;

  Authorizers(AuthorizerRecords records, ProviderTransactions transactions) {
    this.records = records;
    this.transactions = transactions;
  }

  /** Where a merchant stands; empty when this provider has no such merchant. */
  public Optional<AuthorizerStanding> standing(AuthorizerId authorizer) {
    return transactions.call(
        authorizer.provider(), () -> records.find(authorizer).map(Authorizer::standing));
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
}
