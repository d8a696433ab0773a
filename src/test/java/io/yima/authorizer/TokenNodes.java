package io.yima.authorizer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.yima.database.WorkerDatabase;
import io.yima.provider.LentToken;
import io.yima.provider.TokenLease;
import io.yima.provider.TokensConfig;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.WeChatClient;
import io.yima.work.Lease;
import io.yima.work.Node;
import io.yima.work.WorkFigures;
import io.yima.work.WorkLoops;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Vetoed;
import java.time.Clock;
import java.time.Instant;

/** Production's classes about tokens, put together for nodes beside the one that runs the tests. */
@ApplicationScoped
class TokenNodes {

  private final ProviderTransactions transactions;
  private final TokenSeals seals;
  private final AuthorizerHistory history;
  private final AuthorizerRecords records;
  private final AuthorizerChanges changes;
  private final ReconciliationRows reconciliations;
  private final WorkLoops loops;
  private final TokensConfig config;
  private final TokenLease lease;
  private final RefreshFigures refreshFigures;
  private final WorkFigures workFigures;

  TokenNodes(
      ProviderTransactions transactions,
      TokenSeals seals,
      AuthorizerRecords records,
      AuthorizerHistory history,
      AuthorizerChanges changes,
      ReconciliationRows reconciliations,
      WorkLoops loops,
      TokensConfig config,
      TokenLease lease,
      RefreshFigures refreshFigures,
      WorkFigures workFigures) {
    this.transactions = transactions;
    this.seals = seals;
    this.records = records;
    this.history = history;
    this.changes = changes;
    this.reconciliations = reconciliations;
    this.loops = loops;
    this.config = config;
    this.lease = lease;
    this.refreshFigures = refreshFigures;
    this.workFigures = workFigures;
  }

  /** What a sequence works with: its database, its WeChat, its time. */
  record Surroundings(WorkerDatabase database, WeChatClient weChat, Clock clock) {}

  /** One node's parts. */
  record TokenNode(
      String name,
      TokenClaims claims,
      TokenRenewal renewal,
      RefreshNow refreshNow,
      AuthorizerTokens tokens,
      Authorizations authorizations) {}

  TokenWrites writes(Surroundings in) {
    TokenWrites writes = new TokenWrites(in.database(), seals, workFigures, in.clock());
    writes.start(null);
    return writes;
  }

  AuthorizedRows authorized(Surroundings in) {
    return new AuthorizedRows(in.database(), seals);
  }

  Lease lease() {
    return lease.lease();
  }

  TokenSeals seals() {
    return seals;
  }

  /** A node that has just started. */
  TokenNode start(Surroundings in, TokenWrites writes) {
    Node node = new Node();
    LentToken component = new LentToken();
    TokenReads reads = new TokenReads(transactions, in.database(), seals);
    TokenClaims claims = new TokenClaims(in.database(), transactions, node);
    AuthorizerRows rows = new AuthorizerRows(in.database());
    TokenRenewal renewal =
        new TokenRenewal(
            new TokenRefresher(component, in.weChat(), seals, in.clock()),
            writes,
            seals,
            rows,
            changes,
            config,
            lease,
            refreshFigures,
            workFigures,
            new SimpleMeterRegistry(),
            in.clock());
    RefreshNow refreshNow = new RefreshNow(reads, claims, renewal, lease, workFigures, in.clock());
    Authorizations authorizations =
        new Authorizations(
            component,
            in.weChat(),
            authorized(in),
            rows,
            new Profiles(component, in.weChat(), transactions, records, history, in.clock()),
            reconciliations,
            changes,
            loops,
            config,
            in.clock());
    return new TokenNode(
        node.name(),
        claims,
        renewal,
        refreshNow,
        new AuthorizerTokens(reads, refreshNow, new NoUse(in.database()), in.clock()),
        authorizations);
  }

  /** Uses are noted a second later, by then in the middle of something else. */
  @Vetoed
  private static final class NoUse extends LastUse {

    NoUse(WorkerDatabase database) {
      super(database);
    }

    @Override
    void note(AuthorizerId id, Instant lastUsedAt, Instant now) {
      // Who comes first is another test's.
    }
  }
}
