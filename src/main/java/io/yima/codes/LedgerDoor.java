package io.yima.codes;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.api.FieldError;
import io.yima.api.Problems;
import io.yima.codes.CodeApplication.Order;
import io.yima.codes.Progress.Reported;
import io.yima.quota.AuditedCalls;
import io.yima.quota.CountedApis;
import io.yima.quota.QuotaCalls;
import io.yima.security.Caller;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.ApplicationStatus;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import io.yima.work.RequestPatience;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ledger for callers who believe that they speak with WeChat: the same orders, counted, stored
 * and synced like any other, answered in what WeChat's own answers hold. What WeChat would refuse
 * is thrown as a problem that carries its number; what is not known in time is a 503.
 */
@ApplicationScoped
public class LedgerDoor {

  private final Orders orders;
  private final CodeApplications applications;
  private final AuditedCalls calls;
  private final WeChatClient wechat;
  private final Caller caller;
  private final Clock clock;

  LedgerDoor(
      Orders orders,
      CodeApplications applications,
      AuditedCalls calls,
      WeChatClient wechat,
      Caller caller,
      Clock clock) {
    this.orders = orders;
    this.applications = applications;
    this.calls = calls;
    this.wechat = wechat;
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
    CodeApplication application = orders.order(key, order, RequestPatience.OF_SDKS).application();
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
      return applications.sync(known.key(), RequestPatience.OF_SDKS);
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
    WeChatResult<ApplicationStatus> result =
        calls.make(
            authorizer,
            CountedApis.QUERY_APPLICATION,
            AuditEntry.of(AuditAction.GATEWAY_FORWARDED, authorizer)
                .detail(QuotaCalls.path(CountedApis.QUERY_APPLICATION)),
            RequestPatience.OF_SDKS,
            (token, deadline) ->
                wechat.queryApplication(token, applicationId, isvApplicationId, deadline));
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

  private static HttpProblem unsettled(CodeApplication application) {
    return Unsettled.problem(CountedApis.APPLY_CODE, application.progress().sync().lastError());
  }
}
