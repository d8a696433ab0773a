package io.yima.gateway;

import io.yima.api.Problems;
import io.yima.authorizer.AuthorizerTokens;
import io.yima.authorizer.Authorizers;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.ForwardedCall;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Passes calls on to WeChat with the merchant's token, which the caller never sees. */
@ApplicationScoped
class Forwarding {

  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final Authorizers authorizers;
  private final AuthorizerTokens tokens;
  private final WeChatClient wechat;
  private final AuditTrail audit;

  Forwarding(
      Authorizers authorizers, AuthorizerTokens tokens, WeChatClient wechat, AuditTrail audit) {
    this.authorizers = authorizers;
    this.tokens = tokens;
    this.wechat = wechat;
    this.audit = audit;
  }

  /** WeChat's whole answer; throws the problem that carries its number when it refuses. */
  String forward(AuthorizerId authorizer, ForwardedCall call) {
    authorizers.requireActive(authorizer);
    audit.recordIntent(
        AuditEntry.of(AuditAction.GATEWAY_FORWARDED, authorizer).detail("/" + call.path()));
    Deadline deadline = Deadline.in(PATIENCE, Urgency.INTERACTIVE);
    return switch (tokens.call(
        authorizer, deadline, token -> wechat.forward(token, call, deadline))) {
      case WeChatResult.Success<String>(String answer) -> answer;
      case WeChatResult.Failed<String>(Failure failure) -> throw Problems.ofForwarded(failure);
    };
  }
}
