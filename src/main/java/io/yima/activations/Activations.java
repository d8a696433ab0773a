package io.yima.activations;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.activations.ActivationIntents.Stored;
import io.yima.activations.CodeActivation.Wish;
import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.api.Problems;
import io.yima.authorizer.Authorizers;
import io.yima.codes.ApplicationKey;
import io.yima.codes.CodeApplications;
import io.yima.codes.Ledger;
import io.yima.quota.CountedApis;
import io.yima.quota.OrderObstacle;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatError;
import io.yima.work.LastError;
import io.yima.work.RequestPatience;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Takes activations, and tells of those that were taken. */
@ApplicationScoped
class Activations {

  private static final UUID BEHIND_ALL = new UUID(-1, -1);

  private final ProviderTransactions transactions;
  private final Authorizers authorizers;
  private final ActivationIntents intents;
  private final SlicesInRequest slices;

  /** An activation with its slices. */
  record Detail(CodeActivation activation, List<Slice> slices) {}

  Activations(
      ProviderTransactions transactions,
      Authorizers authorizers,
      ActivationIntents intents,
      SlicesInRequest slices) {
    this.transactions = transactions;
    this.authorizers = authorizers;
    this.intents = intents;
    this.slices = slices;
  }

  /** Stores the wish and waits a while for WeChat; throws the problems of the contract. */
  Detail activate(ApplicationKey key, Wish wish) {
    OrderObstacle.refuse(authorizers.standing(key.authorizer()).orElse(null));
    UUID id = intents.store(key, wish).id();
    slices.send(key, id, RequestPatience.LONGEST_WAIT);
    Detail detail = find(key, id);
    if (detail.activation().state() == ActivationState.REJECTED) {
      throw refused(detail.activation());
    }
    return detail;
  }

  /** {@link #activate}, waiting no longer than this; the same wish again is the same activation. */
  Detail activateOnce(ApplicationKey key, Wish wish, Deadline deadline) {
    OrderObstacle.refuse(authorizers.standing(key.authorizer()).orElse(null));
    Stored stored = intents.storeOnce(key, wish);
    boolean sent = slices.send(key, stored.id(), deadline.remaining());
    if (sent && stored.repeated()) {
      // What WeChat was asked about first, and has not done, is due at once.
      slices.send(key, stored.id(), deadline.remaining());
    }
    return find(key, stored.id());
  }

  Detail find(ApplicationKey key, UUID id) {
    return transactions.withConnection(
        key.provider(),
        connection ->
            new Detail(
                ActivationRows.find(connection, key, id).orElseThrow(Activations::notFound),
                ActivationRows.slices(connection, key, id)));
  }

  /** Newest first. */
  Page<CodeActivation> page(ApplicationKey key, PageRequest page) {
    UUID after = page.after(parts -> UUID.fromString(parts.getFirst())).orElse(BEHIND_ALL);
    List<CodeActivation> rows = ActivationRows.page(transactions, key, after, page.limitPlusOne());
    if (rows.isEmpty() && Ledger.find(transactions, key).isEmpty()) {
      throw CodeApplications.notFound();
    }
    return Page.of(rows, page, row -> List.of(row.id().toString()));
  }

  static HttpProblem notFound() {
    return Problems.notFound("activation_not_found", "This application has no such activation.");
  }

  private static HttpProblem refused(CodeActivation activation) {
    Optional<LastError> error = Optional.ofNullable(activation.standing().lastError());
    return Problems.refusedByWeChat(
        new Failure.Rejected(
            new WeChatError(
                CountedApis.ACTIVATE_CODES,
                error.map(LastError::errcode).orElse(null),
                error.map(LastError::errmsg).orElse(""),
                error.map(LastError::rid).orElse(null))));
  }
}
