package io.yima.codes;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.api.Problems;
import io.yima.authorizer.Authorizers;
import io.yima.codes.ApplicationSearch.Position;
import io.yima.quota.ApiQuotas;
import io.yima.quota.CountedApis;
import io.yima.quota.OrderObstacle;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import io.yima.work.Node;
import io.yima.work.RequestPatience;
import io.yima.work.WorkFigures;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The applications of a provider, as its own people and systems see them. */
@ApplicationScoped
public class CodeApplications {

  private final ProviderTransactions transactions;
  private final Authorizers authorizers;
  private final ApplicationCalls calls;
  private final TurnInRequest turns;
  private final SyncSettings settings;
  private final AuditTrail audit;
  private final WorkFigures figures;
  private final Clock clock;
  private final Node node;

  private record Claim(
      CodeApplication application, Optional<Claimed> claimed, @Nullable Instant parkedUntil) {}

  CodeApplications(
      ProviderTransactions transactions,
      Authorizers authorizers,
      ApplicationCalls calls,
      TurnInRequest turns,
      SyncSettings settings,
      AuditTrail audit,
      WorkFigures figures,
      Clock clock,
      Node node) {
    this.transactions = transactions;
    this.authorizers = authorizers;
    this.calls = calls;
    this.turns = turns;
    this.settings = settings;
    this.audit = audit;
    this.figures = figures;
    this.clock = clock;
    this.node = node;
  }

  CodeApplication find(ApplicationKey key) {
    return Ledger.find(transactions, key).orElseThrow(CodeApplications::notFound);
  }

  /** A merchant's application by whichever of its two numbers are known, at least one. */
  Optional<CodeApplication> search(
      AuthorizerId authorizer, @Nullable Long applicationId, @Nullable String isvApplicationId) {
    ApplicationFilter filter =
        new ApplicationFilter(
            null,
            authorizer.authorizerAppid(),
            isvApplicationId,
            applicationId,
            null,
            null,
            null,
            null);
    return ApplicationSearch.page(
            transactions, authorizer.provider(), filter, clock.instant(), null, 1)
        .stream()
        .findFirst();
  }

  /** Newest first. */
  Page<CodeApplication> page(ProviderId provider, ApplicationFilter filter, PageRequest page) {
    Instant stuckSince = settings.schedule().stuckSince(clock.instant());
    Position after = page.after(Position::read).orElse(null);
    List<CodeApplication> rows =
        ApplicationSearch.page(
            transactions, provider, filter, stuckSince, after, page.limitPlusOne());
    return Page.of(rows, page, row -> Position.of(row).parts());
  }

  /** {@link #page} of one merchant; throws the 404 when this provider has not got it. */
  Page<CodeApplication> page(AuthorizerId authorizer, ApplicationFilter filter, PageRequest page) {
    Page<CodeApplication> found = page(authorizer.provider(), filter, page);
    if (found.items().isEmpty() && authorizers.standing(authorizer).isEmpty()) {
      throw Authorizers.notFound();
    }
    return found;
  }

  /** What happened to an application, oldest first. */
  Page<History.Stored> history(ApplicationKey key, PageRequest page) {
    find(key);
    UUID after = page.after(parts -> UUID.fromString(parts.getFirst())).orElse(null);
    List<History.Stored> events =
        transactions.withConnection(
            key.provider(),
            connection -> History.page(connection, key, after, page.limitPlusOne()));
    return Page.of(events, page, event -> List.of(event.id().toString()));
  }

  /** Turns to WeChat now, unless it is over or somebody is at it already. */
  CodeApplication sync(ApplicationKey key) {
    return sync(key, RequestPatience.LONGEST_WAIT);
  }

  /** {@link #sync(ApplicationKey)}, waiting for WeChat no longer than this. */
  public CodeApplication sync(ApplicationKey key, Duration patience) {
    Deadline deadline = settings.lease().startingNow(Urgency.INTERACTIVE);
    Claim claim = claim(key);
    OrderObstacle.refuseWhileParked(claim.parkedUntil(), clock.instant());
    return claim
        .claimed()
        .flatMap(claimed -> turns.run(() -> calls.take(claimed, deadline), patience))
        .map(Turn::application)
        .orElseGet(() -> find(key));
  }

  /** Takes an order back for which nothing was ever sent; does nothing the second time. */
  CodeApplication withdraw(ApplicationKey key, String requestedBy, @Nullable String actor) {
    Instant now = clock.instant();
    return transactions.withConnection(
        key.provider(),
        connection -> {
          if (Ledger.withdraw(connection, key, now)) {
            ApplicationEvent event =
                ApplicationEvent.of(
                        EventKind.WITHDRAWN,
                        now,
                        ApplicationState.SUBMITTING,
                        ApplicationState.WITHDRAWN)
                    .detail("by " + requestedBy)
                    .actor(actor);
            History.append(connection, List.of(new History.Entry(key, event)), node.name());
            audit.record(
                AuditEntry.of(AuditAction.APPLICATION_WITHDRAWN, key.authorizer())
                    .object(key.isvApplicationId()));
          }
          CodeApplication application =
              Ledger.find(connection, key).orElseThrow(CodeApplications::notFound);
          if (application.state() != ApplicationState.WITHDRAWN) {
            throw Problems.conflict(
                "application_already_sent",
                "WeChat may know this application already; it cannot be withdrawn any more.");
          }
          return application;
        });
  }

  private Claim claim(ApplicationKey key) {
    Instant now = clock.instant();
    return transactions.withConnection(
        key.provider(),
        connection -> {
          CodeApplication application =
              Ledger.find(connection, key).orElseThrow(CodeApplications::notFound);
          if (!application.state().unfinished()) {
            return new Claim(application, Optional.empty(), null);
          }
          String api =
              application.state() == ApplicationState.SUBMITTING
                  ? CountedApis.APPLY_CODE
                  : CountedApis.QUERY_APPLICATION;
          Optional<Instant> parked = ApiQuotas.parkedUntil(connection, key.authorizer(), api, now);
          if (parked.isPresent()) {
            return new Claim(application, Optional.empty(), parked.get());
          }
          Optional<Claimed> claimed =
              LedgerClaims.one(connection, key, now, node.requestHolder(), settings.lease());
          if (claimed.isEmpty()) {
            figures.overlapsRefused(ApplicationSync.KIND).increment();
          } else {
            audit.record(
                AuditEntry.of(AuditAction.APPLICATION_SYNCED, key.authorizer())
                    .object(key.isvApplicationId()));
          }
          return new Claim(application, claimed, null);
        });
  }

  /** The 404 of all addresses of an application. */
  public static HttpProblem notFound() {
    return Problems.notFound(
        "code_application_not_found", "This merchant has no such application.");
  }
}
