package io.yima.authorizer;

import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** The merchants of a provider, for the rooms above. */
@ApplicationScoped
public class Authorizers {

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
}
