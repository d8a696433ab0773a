package io.yima.lookups;

import io.yima.api.FieldError;
import io.yima.api.Problems;
import io.yima.codes.ApplicationState;
import io.yima.codes.CodeApplication;
import io.yima.codes.Ledger;
import io.yima.codes.ReadyRanges;
import io.yima.quota.AuditedCalls;
import io.yima.quota.CountedApis;
import io.yima.secrets.Secret;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.wechat.CodeReference;
import io.yima.wechat.EncryptedCodes;
import io.yima.wechat.Failure;
import io.yima.wechat.ForwardedCall;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatConfig;
import io.yima.wechat.WeChatResult;
import io.yima.work.RequestPatience;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Codes for callers who believe that they speak with WeChat: its whole answers, word for word, to
 * calls that are counted and audited like those of Yima's own. What WeChat refuses is thrown as a
 * problem that carries its number.
 */
@ApplicationScoped
public class CodesDoor {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /** A package is megabytes of text, several times over while it passes. */
  private static final int DOWNLOADS_AT_ONCE = 4;

  private final CodeLookups lookups;
  private final AuditedCalls calls;
  private final WeChatClient wechat;
  private final ProviderTransactions transactions;
  private final Duration longestDownload;
  private final Semaphore downloads = new Semaphore(DOWNLOADS_AT_ONCE, true);

  CodesDoor(
      CodeLookups lookups,
      AuditedCalls calls,
      WeChatClient wechat,
      ProviderTransactions transactions,
      WeChatConfig config) {
    this.lookups = lookups;
    this.calls = calls;
    this.wechat = wechat;
    this.transactions = transactions;
    this.longestDownload =
        RequestPatience.OF_SDKS.plus(config.timeout().multipliedBy(EncryptedCodes.PATIENCE));
  }

  /** {@code codeactivequery}. */
  public String bound(AuthorizerId authorizer, CodeReference reference) {
    refuse(request(reference).broken());
    return lookups.findAsTold(authorizer, reference);
  }

  /** {@code tickettocode}. */
  public String scanned(AuthorizerId authorizer, Secret openid, Secret codeTicket) {
    refuse(new CodeTicketRequest(openid.reveal(), codeTicket.reveal()).broken());
    return lookups.exchangeAsTold(authorizer, openid, codeTicket);
  }

  /**
   * {@code applycodedownload}, also of an application that the ledger does not know. Passed on, and
   * not made of what is stored here: rows are kept without the line ends and the order in which
   * WeChat sent them, and not at all for a merchant whose code key Yima does not have; what callers
   * have read for years must not come to differ by a byte.
   */
  public String encrypted(
      AuthorizerId authorizer,
      ForwardedCall call,
      long applicationId,
      long codeStart,
      long codeEnd) {
    if (codeStart < 0 || codeEnd < codeStart) {
      throw Problems.invalid("code_end", "must not be less than code_start, nor that negative");
    }
    AuditEntry read =
        AuditEntry.of(AuditAction.CODES_READ, authorizer)
            .detail("%d..%d as encrypted".formatted(codeStart, codeEnd));
    AuditEntry entry =
        Ledger.findByNumber(transactions, authorizer, applicationId)
            .map(known -> read.object(requireReady(known, new CodeRange(codeStart, codeEnd))))
            .orElseGet(() -> read.detail("application_id " + applicationId + ", " + read.detail()));
    if (!begin()) {
      throw Problems.unavailable(
          "downloads_busy", "Too many downloads at this moment: ask the same again.", RETRY_AFTER);
    }
    try {
      return told(
          calls.make(
              authorizer,
              CountedApis.DOWNLOAD_CODES,
              entry,
              RequestPatience.OF_SDKS,
              longestDownload,
              (token, deadline) -> wechat.forward(token, call, deadline)));
    } finally {
      downloads.release();
    }
  }

  /**
   * {@code codeactive} of an application that the ledger does not know, as from before there was
   * one. Yima keeps nothing of it: as at WeChat, an outcome that is not known stays so.
   */
  public String activateUnknown(AuthorizerId authorizer, ForwardedCall call) {
    return told(
        calls.make(
            authorizer,
            CountedApis.ACTIVATE_CODES,
            AuditEntry.of(AuditAction.GATEWAY_FORWARDED, authorizer).detail("/" + call.path()),
            RequestPatience.OF_SDKS,
            (token, deadline) -> wechat.forward(token, call, deadline)));
  }

  /** What WeChat would refuse all the same must not cost a call of the day's quota. */
  private static String requireReady(CodeApplication application, CodeRange wanted) {
    Optional<List<CodeRange>> parts =
        new ReadyRanges(application.progress().reported().ranges()).split(wanted);
    if (application.state() == ApplicationState.FINISHED && parts.isEmpty()) {
      throw Problems.invalid(
          "code_end", "must lie, like code_start, within the ranges of codes that are ready");
    }
    return application.key().isvApplicationId();
  }

  private boolean begin() {
    try {
      return downloads.tryAcquire(RequestPatience.OF_SDKS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String told(WeChatResult<String> result) {
    return switch (result) {
      case WeChatResult.Success<String>(String told) -> told;
      case WeChatResult.Failed<String>(Failure failure) -> throw Problems.ofForwarded(failure);
    };
  }

  private static LookupRequest request(CodeReference reference) {
    return switch (reference) {
      case CodeReference.ByIndex(long applicationId, long codeIndex) ->
          new LookupRequest(null, applicationId, codeIndex, null, null);
      case CodeReference.ByCode(Secret code) ->
          new LookupRequest(null, null, null, code.reveal(), null);
      case CodeReference.ByUrl(Secret codeUrl) ->
          new LookupRequest(null, null, null, null, codeUrl.reveal());
    };
  }

  private static void refuse(List<FieldError> broken) {
    if (!broken.isEmpty()) {
      throw Problems.invalid(broken);
    }
  }
}
