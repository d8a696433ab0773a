package io.yima.authorizer;

import io.yima.authorizer.ListedRows.Doubtful;
import io.yima.authorizer.ReconcileFindings.Finding;
import io.yima.authorizer.RefreshResult.Refreshed;
import io.yima.authorizer.RefreshResult.Revoked;
import io.yima.wechat.AuthorizerProfile;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Failure.AuthorizationLost;
import io.yima.wechat.Failure.Loss;
import io.yima.wechat.Failure.Misconfigured;
import io.yima.wechat.Failure.OutcomeUnknown;
import io.yima.wechat.Failure.QuotaExhausted;
import io.yima.wechat.Failure.RateLimited;
import io.yima.wechat.Failure.Rejected;
import io.yima.wechat.Failure.TokenRejected;
import io.yima.wechat.Failure.Unavailable;
import io.yima.wechat.WeChatResult;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.wechat.WeChatResult.Success;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks WeChat about merchants one by one: profiles grown old, and where list and record differ. */
@ApplicationScoped
class Doubts {

  private static final int BATCH = 40;

  /** After so many tries a merchant about whom nothing can be learnt waits for the next time. */
  private static final int TRIES = 3;

  private final ListedRows listed;
  private final Profiles profiles;
  private final RefreshNow refreshNow;
  private final AuthorizerChanges changes;
  private final ReconcileFindings findings;
  private final Clock clock;

  /**
   * What a batch came to.
   *
   * @param failure why WeChat should be asked again later instead of going on
   */
  record Answered(int asked, Optional<Failure> failure) {}

  Doubts(
      ListedRows listed,
      Profiles profiles,
      RefreshNow refreshNow,
      AuthorizerChanges changes,
      ReconcileFindings findings,
      Clock clock) {
    this.listed = listed;
    this.profiles = profiles;
    this.refreshNow = refreshNow;
    this.changes = changes;
    this.findings = findings;
    this.clock = clock;
  }

  Answered settle(ClaimedReconciliation claim, Duration every, Deadline deadline) {
    List<Doubtful> batch = listed.doubtful(claim, every, BATCH);
    Map<Doubtful, WeChatResult<AuthorizerProfile>> answers = askAll(batch, deadline);
    List<Doubtful> settled = new ArrayList<>();
    Optional<Failure> later = Optional.empty();
    for (Map.Entry<Doubtful, WeChatResult<AuthorizerProfile>> answer : answers.entrySet()) {
      Optional<Failure> open = settle(answer.getKey(), answer.getValue());
      if (open.isEmpty() || claim.attempts() >= TRIES) {
        settled.add(answer.getKey());
        open.ifPresent(_ -> findings.found(answer.getKey().id(), Finding.UNANSWERED));
      } else {
        later = open;
      }
    }
    if (!settled.isEmpty()) {
      listed.noteAsked(claim.provider(), settled, clock.instant());
    }
    return new Answered(batch.size(), later);
  }

  private Map<Doubtful, WeChatResult<AuthorizerProfile>> askAll(
      List<Doubtful> batch, Deadline deadline) {
    Map<Doubtful, Future<WeChatResult<AuthorizerProfile>>> asking = new LinkedHashMap<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      batch.forEach(
          one -> asking.put(one, executor.submit(() -> profiles.ask(one.id(), deadline))));
    }
    Map<Doubtful, WeChatResult<AuthorizerProfile>> answers = new LinkedHashMap<>();
    asking.forEach((one, answer) -> answers.put(one, answer.resultNow()));
    return answers;
  }

  /** Empty when there is nothing more to learn about this merchant for now. */
  private Optional<Failure> settle(Doubtful one, WeChatResult<AuthorizerProfile> answer) {
    return switch (answer) {
      case Success<AuthorizerProfile>(AuthorizerProfile profile) -> {
        settle(one, profile);
        yield Optional.empty();
      }
      case Failed<AuthorizerProfile>(Failure failure) -> settle(one, failure);
    };
  }

  private Optional<Failure> settle(Doubtful one, Failure failure) {
    return switch (failure) {
      case AuthorizationLost lost -> {
        // Second opinion: its refresh token is tried; only both together revoke.
        if (lost.loss() == Loss.NOT_AUTHORIZED && one.status() == AuthorizerStatus.ACTIVE) {
          if (refreshNow.tryAgain(one.id()) instanceof Revoked) {
            findings.found(one.id(), Finding.REVOCATION_MISSED);
          }
        }
        yield Optional.empty();
      }
      case TokenRejected _,
          Misconfigured _,
          QuotaExhausted _,
          RateLimited _,
          Unavailable _,
          OutcomeUnknown _,
          Rejected _ ->
          Optional.of(failure);
    };
  }

  private void settle(Doubtful one, AuthorizerProfile profile) {
    Optional<Drift> drift =
        profiles.store(one.id(), one.version(), profile, FoundBy.RECONCILIATION);
    drift.flatMap(Drift::ofMarketingCodes).ifPresent(finding -> findings.found(one.id(), finding));
    if (one.status() != AuthorizerStatus.ACTIVE) {
      // Given up here, known to WeChat: whatever refresh token there is deserves another try.
      if (refreshNow.tryAgain(one.id()) instanceof Refreshed) {
        findings.found(one.id(), Finding.AUTHORIZATION_RESTORED);
      }
    } else if (drift.filter(Drift::ofStanding).isPresent()) {
      changes.announce(one.id());
    }
  }
}
