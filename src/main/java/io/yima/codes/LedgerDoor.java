package io.yima.codes;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.api.FieldError;
import io.yima.api.Problems;
import io.yima.authorizer.AuthorizerTokens;
import io.yima.authorizer.Authorizers;
import io.yima.codes.CodeApplication.Order;
import io.yima.codes.Progress.Reported;
import io.yima.database.WorkerDatabase;
import io.yima.security.Caller;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.ApplicationStatus;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatError;
import io.yima.wechat.WeChatResult;
import io.yima.work.LastError;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ledger for callers who believe that they speak with WeChat: the same orders, counted, stored
 * and synced like any other, answered in what WeChat's own answers hold. What WeChat would refuse
 * is thrown as a problem that carries its number; what is not known in time is a 503.
 */
@ApplicationScoped
public class LedgerDoor {

  /** Less than the 5 s after which the most used SDK gives a call up. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /** What nobody has to mend, and what says nothing about the order. */
  private static final Set<String> PASSING =
      Set.of("token_rejected", "unavailable", "outcome_unknown");

  private final Orders orders;
  private final CodeApplications applications;
  private final Authorizers authorizers;
  private final AuthorizerTokens tokens;
  private final WeChatClient wechat;
  private final WorkerDatabase database;
  private final Caller caller;
  private final Clock clock;

  LedgerDoor(
      Orders orders,
      CodeApplications applications,
      Authorizers authorizers,
      AuthorizerTokens tokens,
      WeChatClient wechat,
      WorkerDatabase database,
      Caller caller,
      Clock clock) {
    this.orders = orders;
    this.applications = applications;
    this.authorizers = authorizers;
    this.tokens = tokens;
    this.wechat = wechat;
    this.database = database;
    this.caller = caller;
    this.clock = clock;
  }

  /** {@code applycode}: WeChat's number of the application. */
  public long apply(AuthorizerId authorizer, long codeCount, String isvApplicationId) {
    List<FieldError> broken = ApplicationRules.broken(codeCount, isvApplicationId, null);
    if (!broken.isEmpty()) {
      throw Problems.invalid(broken);
    }
    ApplicationKey key = new ApplicationKey(authorizer, isvApplicationId);
    Order order = new Order(codeCount, null, caller.requestedBy(), caller.actor(), clock.instant());
    CodeApplication application = orders.order(key, order, PATIENCE).application();
    return confirmed(application);
  }

  /**
   * {@code applycodequery}, by one of the two ids or both. WeChat is asked about what is not
   * finished; what never came to the ledger, as from before there was one, is asked about as well.
   */
  public ApplicationStatus query(
      AuthorizerId authorizer, @Nullable Long applicationId, @Nullable String isvApplicationId) {
    Optional<CodeApplication> known =
        isvApplicationId != null && !ApplicationRules.isId(isvApplicationId)
            ? Optional.empty()
            : applications
                .search(authorizer, applicationId, isvApplicationId)
                .filter(found -> found.state() != ApplicationState.WITHDRAWN);
    return known.isPresent()
        ? status(followed(known.get()))
        : unknown(authorizer, applicationId, isvApplicationId);
  }

  private CodeApplication followed(CodeApplication known) {
    if (!known.state().unfinished()) {
      return known;
    }
    try {
      return applications.sync(known.key(), PATIENCE);
    } catch (HttpProblem parked) {
      // The day's quota is used up: what was known before is as good as it gets.
      if (known.progress().reported().status() == null) {
        throw parked;
      }
      return known;
    }
  }

  private static ApplicationStatus status(CodeApplication application) {
    long applicationId = confirmed(application);
    Reported reported = application.progress().reported();
    if (reported.status() == null) {
      throw unsettled(application);
    }
    return new ApplicationStatus(
        reported.status(),
        applicationId,
        application.key().isvApplicationId(),
        reported.ranges(),
        reported.createTime(),
        reported.updateTime());
  }

  private ApplicationStatus unknown(
      AuthorizerId authorizer, @Nullable Long applicationId, @Nullable String isvApplicationId) {
    authorizers.requireActive(authorizer);
    CountedCall counted =
        new CountedCall(database, authorizer, Inquiry.API, ShanghaiDay.of(clock.instant()), clock);
    counted.count();
    Deadline deadline = Deadline.in(PATIENCE, Urgency.INTERACTIVE);
    WeChatResult<ApplicationStatus> result =
        tokens.call(
            authorizer,
            deadline,
            token ->
                counted.make(
                    () ->
                        wechat.queryApplication(token, applicationId, isvApplicationId, deadline)));
    return switch (result) {
      case WeChatResult.Success<ApplicationStatus>(ApplicationStatus answer) -> answer;
      case WeChatResult.Failed<ApplicationStatus>(Failure failure) ->
          throw Problems.ofForwarded(failure);
    };
  }

  private static long confirmed(CodeApplication application) {
    Long applicationId = application.progress().applicationId();
    if (applicationId == null) {
      throw unsettled(application);
    }
    return applicationId;
  }

  /** What stands between an order and WeChat's word for it, by what the ledger knows. */
  private static HttpProblem unsettled(CodeApplication application) {
    LastError error = application.progress().sync().lastError();
    if (error == null || PASSING.contains(error.code())) {
      return Problems.unavailable(
          "outcome_unknown",
          "WeChat has not confirmed it yet; it is kept and goes on: ask the same again.",
          RETRY_AFTER);
    }
    return told(error);
  }

  private static HttpProblem told(LastError error) {
    if (error.errcode() == null) {
      return Problems.conflict(
          error.code(), error.remedy() == null ? "It waits for a person." : error.remedy());
    }
    String errmsg = error.errmsg() == null ? "" : error.errmsg();
    return Problems.refusedByWeChat(
        new Failure.Rejected(
            new WeChatError(SubmitDecision.API, error.errcode(), errmsg, error.rid())));
  }
}
