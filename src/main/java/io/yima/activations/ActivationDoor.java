package io.yima.activations;

import io.yima.activations.CodeActivation.Wish;
import io.yima.api.FieldError;
import io.yima.api.Problems;
import io.yima.codes.CodeApplication;
import io.yima.codes.CodeApplications;
import io.yima.codes.Ledger;
import io.yima.codes.Unsettled;
import io.yima.quota.CountedApis;
import io.yima.security.Caller;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import io.yima.work.LastError;
import io.yima.work.RequestPatience;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code codeactive} for callers who believe that they speak with WeChat: the same activations,
 * stored, cut and settled like any other. What WeChat would refuse is thrown as a problem that
 * carries its number; what is not known in time is a 503, after which the same call finds the same
 * activation.
 */
@ApplicationScoped
public class ActivationDoor {

  private final Activations activations;
  private final CodeApplications applications;
  private final ProviderTransactions transactions;
  private final Caller caller;
  private final Clock clock;

  ActivationDoor(
      Activations activations,
      CodeApplications applications,
      ProviderTransactions transactions,
      Caller caller,
      Clock clock) {
    this.activations = activations;
    this.applications = applications;
    this.transactions = transactions;
    this.caller = caller;
    this.clock = clock;
  }

  /** Whether the ledger has this merchant's application. */
  public boolean knows(AuthorizerId authorizer, long applicationId) {
    return find(authorizer, applicationId).isPresent();
  }

  /** Returns when all the codes are bound to this. */
  public void activate(AuthorizerId authorizer, long applicationId, ActivationRequest request) {
    List<FieldError> broken = ActivationRules.broken(request);
    if (!broken.isEmpty()) {
      throw Problems.invalid(broken);
    }
    Deadline deadline = Deadline.in(RequestPatience.OF_SDKS, Urgency.INTERACTIVE);
    CodeApplication application =
        find(authorizer, applicationId).orElseThrow(CodeApplications::notFound);
    if (application.state().unfinished()) {
      // Whoever activates may have heard elsewhere that the codes are ready.
      applications.sync(application.key(), deadline.remaining());
    }
    Wish wish =
        ActivationRules.wish(request, caller.requestedBy(), caller.actor(), clock.instant());
    refuseUnlessBound(activations.activateOnce(application.key(), wish, deadline).slices());
  }

  private Optional<CodeApplication> find(AuthorizerId authorizer, long applicationId) {
    return Ledger.findByNumber(transactions, authorizer, applicationId);
  }

  /** What somebody has to mend is told before what only takes time. */
  private static void refuseUnlessBound(List<Slice> slices) {
    List<Slice> open = in(slices, SliceState.ACTIVATING);
    if (!open.isEmpty()) {
      LastError error =
          open.stream()
              .map(slice -> slice.sync().lastError())
              .filter(found -> !Unsettled.isOpen(found))
              .findFirst()
              .orElse(null);
      throw Unsettled.problem(CountedApis.ACTIVATE_CODES, error);
    }
    for (Slice refused : in(slices, SliceState.REJECTED)) {
      throw Unsettled.told(
          CountedApis.ACTIVATE_CODES, Objects.requireNonNull(refused.sync().lastError()));
    }
    if (!in(slices, SliceState.REPLACED).isEmpty()) {
      throw Problems.conflict(
          "activation_replaced", "Another activation took the place of this one at this moment.");
    }
  }

  private static List<Slice> in(List<Slice> slices, SliceState state) {
    return slices.stream().filter(slice -> slice.state() == state).toList();
  }
}
