package io.yima.wechat;

import io.yima.secrets.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/**
 * Calls WeChat, one blocking method per interface, and classifies whatever comes back. Refuses to
 * run inside a database transaction, starts nothing after the deadline, throws nothing else.
 */
@ApplicationScoped
public class WeChatClient {

  /** The platform's own token, for its ticket [CTOKEN]. */
  public WeChatResult<IssuedToken> componentToken(
      String componentAppid, Secret componentAppsecret, Secret verifyTicket, Deadline deadline) {
    return Unwritten.here();
  }

  /** Asks WeChat to push tickets again [STARTPUSH]. */
  public WeChatResult<Acknowledged> startPushTicket(
      String componentAppid, Secret componentSecret, Deadline deadline) {
    return Unwritten.here();
  }

  /** A code with which the authorization page is opened [PREAUTH]. */
  public WeChatResult<IssuedToken> preAuthCode(
      String componentAppid, Secret componentToken, Deadline deadline) {
    return Unwritten.here();
  }

  /** Exchanges an authorization code, which works once [QUERYAUTH]. */
  public WeChatResult<Authorization> queryAuth(
      String componentAppid, Secret componentToken, Secret authorizationCode, Deadline deadline) {
    return Unwritten.here();
  }

  /** A fresh access token of a merchant [AUTHTOKEN]. */
  public WeChatResult<RefreshedToken> refreshAuthorizerToken(
      String componentAppid,
      Secret componentToken,
      String authorizerAppid,
      Secret refreshToken,
      Deadline deadline) {
    return Unwritten.here();
  }

  /** A merchant's account and what it granted [AINFO]. */
  public WeChatResult<AuthorizerProfile> authorizerInfo(
      String componentAppid, Secret componentToken, String authorizerAppid, Deadline deadline) {
    return Unwritten.here();
  }

  /** A page of all merchants; {@code count} is at most 500 [ALIST]. */
  public WeChatResult<AuthorizerPage> authorizerList(
      String componentAppid, Secret componentToken, int offset, int count, Deadline deadline) {
    return Unwritten.here();
  }

  /** Orders codes; the same {@code isvApplicationId} is always the same application [M1]. */
  public WeChatResult<AppliedCode> applyCode(
      Secret authorizerToken, long codeCount, String isvApplicationId, Deadline deadline) {
    return Unwritten.here();
  }

  /** How far an application is, by every id that is known, at least one [M2]. */
  public WeChatResult<ApplicationStatus> queryApplication(
      Secret authorizerToken,
      @Nullable Long applicationId,
      @Nullable String isvApplicationId,
      Deadline deadline) {
    return Unwritten.here();
  }
}
