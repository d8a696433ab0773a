package io.yima.lookups;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.api.Problems;
import io.yima.codes.ApplicationKey;
import io.yima.codes.CodeApplication;
import io.yima.codes.CodeApplications;
import io.yima.codes.Ledger;
import io.yima.packages.CodeSearch;
import io.yima.quota.AuditedCalls;
import io.yima.quota.CountedApis;
import io.yima.secrets.Secret;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.wechat.BoundCode;
import io.yima.wechat.CodeReference;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import io.yima.work.RequestPatience;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Asks WeChat about one code at a time, and adds what the ledger knows of it. */
@ApplicationScoped
class CodeLookups {

  private static final Logger LOG = Logger.getLogger(CodeLookups.class);

  private final ProviderTransactions transactions;
  private final AuditedCalls calls;
  private final WeChatClient wechat;
  private final CodeSearch codes;
  private final Clock clock;

  CodeLookups(
      ProviderTransactions transactions,
      AuditedCalls calls,
      WeChatClient wechat,
      CodeSearch codes,
      Clock clock) {
    this.transactions = transactions;
    this.calls = calls;
    this.wechat = wechat;
    this.codes = codes;
    this.clock = clock;
  }

  /** A code by its place in a batch that was ordered here. */
  FoundCode find(ApplicationKey key, long codeIndex) {
    CodeApplication application =
        Ledger.find(transactions, key).orElseThrow(CodeApplications::notFound);
    Long applicationId = application.progress().applicationId();
    if (applicationId == null) {
      throw Problems.conflict(
          "code_application_not_finished",
          "WeChat has not confirmed the application: its state is " + application.state() + ".");
    }
    if (codeIndex >= application.order().codeCount()) {
      throw Problems.invalid("code_index", "must be less than " + application.order().codeCount());
    }
    return find(key.authorizer(), new CodeReference.ByIndex(applicationId, codeIndex));
  }

  FoundCode find(AuthorizerId authorizer, CodeReference reference) {
    BoundCode told =
        told(
            calls.make(
                authorizer,
                CountedApis.QUERY_CODE,
                entry(authorizer, reference),
                RequestPatience.LONGEST_WAIT,
                (token, deadline) -> wechat.queryCode(token, reference, deadline)),
            failure -> LookupFailures.lookup(failure, clock.instant()));
    return switch (reference) {
      case CodeReference.ByIndex(long applicationId, long codeIndex) ->
          new FoundCode(told, byNumber(authorizer, applicationId).orElse(null), codeIndex);
      case CodeReference.ByCode(Secret code) -> found(authorizer, told, code);
      case CodeReference.ByUrl(Secret url) -> found(authorizer, told, url);
    };
  }

  /** The code that somebody scanned; a ticket may be good for one exchange only. */
  FoundCode exchange(AuthorizerId authorizer, Secret openid, Secret codeTicket) {
    BoundCode told =
        told(
            calls.make(
                authorizer,
                CountedApis.EXCHANGE_CODE_TICKET,
                AuditEntry.of(AuditAction.TICKET_EXCHANGED, authorizer),
                RequestPatience.LONGEST_WAIT,
                (token, deadline) ->
                    wechat.exchangeCodeTicket(token, openid, codeTicket, deadline)),
            failure -> LookupFailures.exchange(failure, clock.instant()));
    return found(authorizer, told, Secret.ofNullable(told.code()));
  }

  /** {@link #find}, for callers who speak WeChat's protocol: its whole answer. */
  String findAsTold(AuthorizerId authorizer, CodeReference reference) {
    return told(
        calls.make(
            authorizer,
            CountedApis.QUERY_CODE,
            entry(authorizer, reference),
            RequestPatience.OF_SDKS,
            (token, deadline) -> wechat.queryCodeAsTold(token, reference, deadline)),
        Problems::ofForwarded);
  }

  /** {@link #exchange}, likewise. */
  String exchangeAsTold(AuthorizerId authorizer, Secret openid, Secret codeTicket) {
    return told(
        calls.make(
            authorizer,
            CountedApis.EXCHANGE_CODE_TICKET,
            AuditEntry.of(AuditAction.TICKET_EXCHANGED, authorizer),
            RequestPatience.OF_SDKS,
            (token, deadline) ->
                wechat.exchangeCodeTicketAsTold(token, openid, codeTicket, deadline)),
        Problems::ofForwarded);
  }

  private static AuditEntry entry(AuthorizerId authorizer, CodeReference reference) {
    AuditEntry entry = AuditEntry.of(AuditAction.CODE_LOOKED_UP, authorizer);
    return reference instanceof CodeReference.ByIndex(long applicationId, long codeIndex)
        ? entry.detail("application_id " + applicationId + ", code_index " + codeIndex)
        : entry;
  }

  private static <T> T told(WeChatResult<T> result, Function<Failure, HttpProblem> problem) {
    return switch (result) {
      case WeChatResult.Success<T>(T told) -> told;
      case WeChatResult.Failed<T>(Failure failure) -> throw problem.apply(failure);
    };
  }

  /**
   * With its place, where that can be read; see {@link CodeSearch}. A ticket may be good for one
   * exchange only: what WeChat told is not lost where nothing can be added to it.
   */
  private FoundCode found(AuthorizerId authorizer, BoundCode told, @Nullable Secret text) {
    try {
      CodeApplication application = application(authorizer, told).orElse(null);
      return new FoundCode(
          told,
          application,
          application == null || text == null ? null : index(application, told, text));
    } catch (RuntimeException e) {
      LOG.warn("What is known here cannot be added to a code that WeChat told of", e);
      return new FoundCode(told, null, null);
    }
  }

  private @Nullable Long index(CodeApplication application, BoundCode told, Secret text) {
    Long start = told.codeStart();
    Long end = told.codeEnd();
    CodeRange within =
        start == null || end == null
            ? new CodeRange(0, application.order().codeCount() - 1)
            : new CodeRange(start, end);
    OptionalLong index = codes.indexOf(application.key(), within, text);
    return index.isPresent() ? index.getAsLong() : null;
  }

  /** By whichever of its two ids WeChat told. */
  private Optional<CodeApplication> application(AuthorizerId authorizer, BoundCode told) {
    if (told.applicationId() != null) {
      return byNumber(authorizer, told.applicationId());
    }
    return Optional.ofNullable(told.isvApplicationId())
        .filter(ApplicationKey::isId)
        .flatMap(id -> Ledger.find(transactions, new ApplicationKey(authorizer, id)));
  }

  private Optional<CodeApplication> byNumber(AuthorizerId authorizer, long applicationId) {
    return Ledger.findByNumber(transactions, authorizer, applicationId);
  }
}
