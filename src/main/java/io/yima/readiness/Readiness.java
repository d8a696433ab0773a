package io.yima.readiness;

import io.yima.authorizer.AuthorizerAccount;
import io.yima.authorizer.AuthorizerStatus;
import io.yima.authorizer.Authorizers;
import io.yima.provider.ComponentHealth;
import io.yima.provider.ComponentStates;
import io.yima.quota.ApiQuotas;
import io.yima.readiness.ReadinessFacts.FeatureEvidence;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells whether a merchant can be served, and what has to be mended first. */
@ApplicationScoped
class Readiness {

  private final Authorizers authorizers;
  private final ComponentStates components;
  private final LiveQuestions questions;
  private final ProviderTransactions transactions;
  private final Clock clock;

  Readiness(
      Authorizers authorizers,
      ComponentStates components,
      LiveQuestions questions,
      ProviderTransactions transactions,
      Clock clock) {
    this.authorizers = authorizers;
    this.components = components;
    this.questions = questions;
    this.transactions = transactions;
    this.clock = clock;
  }

  /** The checklist; {@code live}: WeChat is asked first. Throws the 404. */
  List<ReadinessCheck> of(AuthorizerId merchant, boolean live) {
    LiveAnswers answers = live ? ask(merchant) : null;
    Instant now = clock.instant();
    return new ReadinessRules(facts(merchant, now), answers, now).checks();
  }

  private @Nullable LiveAnswers ask(AuthorizerId merchant) {
    AuthorizerAccount account = account(merchant);
    FeatureEvidence evidence =
        transactions.withConnection(
            merchant.provider(), connection -> ReadinessRows.evidence(connection, merchant));
    return questions.ask(
        merchant, account.standing().status() == AuthorizerStatus.ACTIVE, evidence.applicationId());
  }

  private ReadinessFacts facts(AuthorizerId merchant, Instant now) {
    AuthorizerAccount account = account(merchant);
    ComponentHealth platform = components.health(merchant.provider(), now);
    return transactions.withConnection(
        merchant.provider(),
        connection ->
            new ReadinessFacts(
                platform,
                account,
                ReadinessRows.evidence(connection, merchant),
                ApiQuotas.standing(connection, merchant, now),
                ReadinessRows.codeKey(connection, merchant)));
  }

  private AuthorizerAccount account(AuthorizerId merchant) {
    return authorizers.account(merchant).orElseThrow(Authorizers::notFound);
  }
}
