package io.yima.wechat;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.yima.database.OpenTransactions;
import io.yima.secrets.Secret;
import io.yima.wechat.ApplicationStatus.CodeRange;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Calls WeChat, one blocking method per interface, and classifies whatever comes back. Refuses to
 * run inside a database transaction, starts nothing after the deadline, throws nothing else.
 */
@Startup
@ApplicationScoped
public class WeChatClient {

  private final InFlight inFlight;
  private final Exchange exchange;
  private final Answers answers;

  WeChatClient(WeChatConfig config, MeterRegistry registry) {
    WeChatSettings.check(config);
    this.inFlight = new InFlight(new Bound(config.maxInFlight()), new Circuit(System::nanoTime));
    new InFlightFigures(inFlight).register(registry);
    Oddities oddities = new Oddities(registry);
    this.exchange = new Exchange(new Wire(config), inFlight, oddities, registry);
    this.answers = new Answers(oddities);
  }

  /**
   * How many pieces of work of this urgency, each a call or a few, may be under way on this node at
   * this moment: work claims no more, and none while WeChat has to be left alone.
   */
  public int capacity(Urgency urgency) {
    return inFlight.capacity(urgency);
  }

  /** The platform's own token, for its ticket [CTOKEN]. */
  public WeChatResult<IssuedToken> componentToken(
      String componentAppid, Secret componentAppsecret, Secret verifyTicket, Deadline deadline) {
    Json body =
        new Json()
            .with("component_appid", componentAppid)
            .with("component_appsecret", componentAppsecret)
            .with("component_verify_ticket", verifyTicket);
    return make(
        new Call<>(
            Endpoint.COMPONENT_TOKEN,
            body,
            (api, json) -> api.componentToken(json),
            List.of(componentAppsecret, verifyTicket),
            answers::componentToken),
        deadline);
  }

  /** Asks WeChat to push tickets again [STARTPUSH]. */
  public WeChatResult<Acknowledged> startPushTicket(
      String componentAppid, Secret componentSecret, Deadline deadline) {
    Json body =
        new Json()
            .with("component_appid", componentAppid)
            .with("component_secret", componentSecret);
    return make(
        new Call<>(
            Endpoint.START_PUSH_TICKET,
            body,
            (api, json) -> api.startPushTicket(json),
            List.of(componentSecret),
            answers::acknowledged),
        deadline);
  }

  /** A code with which the authorization page is opened [PREAUTH]. */
  public WeChatResult<IssuedToken> preAuthCode(
      String componentAppid, Secret componentToken, Deadline deadline) {
    Json body = new Json().with("component_appid", componentAppid);
    return make(
        new Call<>(
            Endpoint.PRE_AUTH_CODE,
            body,
            (api, json) -> api.createPreAuthCode(componentToken.reveal(), json),
            List.of(componentToken),
            answers::preAuthCode),
        deadline);
  }

  /** Exchanges an authorization code, which works once [QUERYAUTH]. */
  public WeChatResult<Authorization> queryAuth(
      String componentAppid, Secret componentToken, Secret authorizationCode, Deadline deadline) {
    Json body =
        new Json()
            .with("component_appid", componentAppid)
            .with("authorization_code", authorizationCode);
    return make(
        new Call<>(
            Endpoint.QUERY_AUTH,
            body,
            (api, json) -> api.queryAuth(componentToken.reveal(), json),
            List.of(componentToken, authorizationCode),
            answers::authorization),
        deadline);
  }

  /** A fresh access token of a merchant [AUTHTOKEN]. */
  public WeChatResult<RefreshedToken> refreshAuthorizerToken(
      String componentAppid,
      Secret componentToken,
      String authorizerAppid,
      Secret refreshToken,
      Deadline deadline) {
    Json body =
        new Json()
            .with("component_appid", componentAppid)
            .with("authorizer_appid", authorizerAppid)
            .with("authorizer_refresh_token", refreshToken);
    return make(
        new Call<>(
            Endpoint.AUTHORIZER_TOKEN,
            body,
            (api, json) -> api.authorizerToken(componentToken.reveal(), json),
            List.of(componentToken, refreshToken),
            answer -> answers.refreshedToken(answer, authorizerAppid)),
        deadline);
  }

  /** A merchant's account and what it granted [AINFO]. */
  public WeChatResult<AuthorizerProfile> authorizerInfo(
      String componentAppid, Secret componentToken, String authorizerAppid, Deadline deadline) {
    Json body =
        new Json()
            .with("component_appid", componentAppid)
            .with("authorizer_appid", authorizerAppid);
    return make(
        new Call<>(
            Endpoint.AUTHORIZER_INFO,
            body,
            (api, json) -> api.authorizerInfo(componentToken.reveal(), json),
            List.of(componentToken),
            answer -> answers.profile(answer, authorizerAppid)),
        deadline);
  }

  /** A page of all merchants; {@code count} is at most 500 [ALIST]. */
  public WeChatResult<AuthorizerPage> authorizerList(
      String componentAppid, Secret componentToken, int offset, int count, Deadline deadline) {
    Json body =
        new Json()
            .with("component_appid", componentAppid)
            .with("offset", (long) offset)
            .with("count", (long) count);
    return make(
        new Call<>(
            Endpoint.AUTHORIZER_LIST,
            body,
            (api, json) -> api.authorizerList(componentToken.reveal(), json),
            List.of(componentToken),
            answers::page),
        deadline);
  }

  /** Orders codes; the same {@code isvApplicationId} is always the same application [M1]. */
  public WeChatResult<AppliedCode> applyCode(
      Secret authorizerToken, long codeCount, String isvApplicationId, Deadline deadline) {
    Json body =
        new Json().with("code_count", codeCount).with("isv_application_id", isvApplicationId);
    return make(
        new Call<>(
            Endpoint.APPLY_CODE,
            body,
            (api, json) -> api.applyCode(authorizerToken.reveal(), json),
            List.of(authorizerToken),
            answers::appliedCode),
        deadline);
  }

  /** How far an application is, by every id that is known, at least one [M2]. */
  public WeChatResult<ApplicationStatus> queryApplication(
      Secret authorizerToken,
      @Nullable Long applicationId,
      @Nullable String isvApplicationId,
      Deadline deadline) {
    if (applicationId == null) {
      Objects.requireNonNull(isvApplicationId, "an application is asked about by some id");
    }
    Json body =
        new Json()
            .with("application_id", applicationId)
            .with("isv_application_id", isvApplicationId);
    return make(
        new Call<>(
            Endpoint.QUERY_APPLICATION,
            body,
            (api, json) -> api.queryApplication(authorizerToken.reveal(), json),
            List.of(authorizerToken),
            answers::status),
        deadline);
  }

  /** The codes of a range that WeChat named when the application was finished [M3]. */
  public WeChatResult<EncryptedCodes> downloadCodes(
      Secret authorizerToken, long applicationId, CodeRange range, Deadline deadline) {
    Json body =
        new Json()
            .with("application_id", applicationId)
            .with("code_start", range.codeStart())
            .with("code_end", range.codeEnd());
    return make(
        new Call<>(
            Endpoint.DOWNLOAD_CODES,
            body,
            (api, json) -> api.downloadCodes(authorizerToken.reveal(), json),
            List.of(authorizerToken),
            answers::encryptedCodes),
        deadline);
  }

  /** Binds a range of codes, both ends included, to a product and a page [M4]. */
  public WeChatResult<Acknowledged> activateCodes(
      Secret authorizerToken,
      long applicationId,
      CodeRange range,
      CodeBinding binding,
      Deadline deadline) {
    Json body =
        new Json()
            .with("application_id", applicationId)
            .with("activity_name", binding.activityName())
            .with("product_brand", binding.productBrand())
            .with("product_title", binding.productTitle())
            .with("product_code", binding.productCode())
            .with("wxa_appid", binding.wxaAppid())
            .with("wxa_path", binding.wxaPath())
            .with("wxa_type", (long) binding.wxaType())
            .with("code_start", range.codeStart())
            .with("code_end", range.codeEnd());
    return make(
        new Call<>(
            Endpoint.ACTIVATE_CODES,
            body,
            (api, json) -> api.activateCodes(authorizerToken.reveal(), json),
            List.of(authorizerToken),
            answers::acknowledged),
        deadline);
  }

  /** What a code is bound to; the index 0 is one like any other [M5]. */
  public WeChatResult<BoundCode> queryCode(
      Secret authorizerToken, CodeReference reference, Deadline deadline) {
    return queryCode(authorizerToken, reference, answers::boundCode, deadline);
  }

  /** {@link #queryCode}; the value is WeChat's whole answer, as JSON. */
  public WeChatResult<String> queryCodeAsTold(
      Secret authorizerToken, CodeReference reference, Deadline deadline) {
    return queryCode(authorizerToken, reference, answers::boundCodeAsTold, deadline);
  }

  private <T> WeChatResult<T> queryCode(
      Secret authorizerToken, CodeReference reference, Call.Reader<T> reader, Deadline deadline) {
    List<Secret> secrets = new ArrayList<>(List.of(authorizerToken));
    Json body = new Json();
    switch (reference) {
      case CodeReference.ByIndex(long applicationId, long codeIndex) ->
          body.with("application_id", applicationId).with("code_index", codeIndex);
      case CodeReference.ByCode(Secret code) -> {
        secrets.add(code);
        body.with("code", code);
      }
      case CodeReference.ByUrl(Secret codeUrl) -> {
        secrets.add(codeUrl);
        body.with("code_url", codeUrl);
      }
    }
    return make(
        new Call<>(
            Endpoint.QUERY_CODE,
            body,
            (api, json) -> api.queryCode(authorizerToken.reveal(), json),
            secrets,
            reader),
        deadline);
  }

  /** The code that somebody scanned, for the ticket with which the scan opened the page [M6]. */
  public WeChatResult<BoundCode> exchangeCodeTicket(
      Secret authorizerToken, Secret openid, Secret codeTicket, Deadline deadline) {
    return exchangeCodeTicket(authorizerToken, openid, codeTicket, answers::boundCode, deadline);
  }

  /** {@link #exchangeCodeTicket}; the value is WeChat's whole answer, as JSON. */
  public WeChatResult<String> exchangeCodeTicketAsTold(
      Secret authorizerToken, Secret openid, Secret codeTicket, Deadline deadline) {
    return exchangeCodeTicket(
        authorizerToken, openid, codeTicket, answers::boundCodeAsTold, deadline);
  }

  private <T> WeChatResult<T> exchangeCodeTicket(
      Secret authorizerToken,
      Secret openid,
      Secret codeTicket,
      Call.Reader<T> reader,
      Deadline deadline) {
    Json body = new Json().with("openid", openid).with("code_ticket", codeTicket);
    return make(
        new Call<>(
            Endpoint.EXCHANGE_CODE_TICKET,
            body,
            (api, json) -> api.exchangeCodeTicket(authorizerToken.reveal(), json),
            List.of(authorizerToken, openid, codeTicket),
            reader),
        deadline);
  }

  /**
   * How much of a merchant's daily quota is used [QGET].
   *
   * @param cgiPath the interface's path, with its leading slash
   */
  public WeChatResult<ApiQuota> quota(Secret authorizerToken, String cgiPath, Deadline deadline) {
    return make(
        new Call<>(
            Endpoint.GET_QUOTA,
            new Json().with("cgi_path", cgiPath),
            (api, json) -> api.getQuota(authorizerToken.reveal(), json),
            List.of(authorizerToken),
            answers::quota),
        deadline);
  }

  /**
   * Passes a call on in a merchant's name; the value is WeChat's whole answer, JSON without error
   * number.
   */
  public WeChatResult<String> forward(
      Secret authorizerToken, ForwardedCall forwarded, Deadline deadline) {
    MultivaluedMap<String, String> query = new MultivaluedHashMap<>();
    forwarded.query().forEach((name, values) -> query.addAll(name, values));
    String body = forwarded.body();
    String token = authorizerToken.reveal();
    return make(
        new Call<>(
            Endpoint.ofForwarded(forwarded.path()),
            body == null ? new Json() : Json.ready(body),
            body == null
                ? (api, json) -> api.get(forwarded.path(), token, query)
                : (api, json) -> api.post(forwarded.path(), token, query, json),
            List.of(authorizerToken),
            Answer::json),
        deadline);
  }

  /** Sends a text to a follower of a merchant's account, as its customer service [RELEASE]. */
  public WeChatResult<Acknowledged> sendText(
      Secret authorizerToken, String openid, String content, Deadline deadline) {
    Json body =
        new Json()
            .with("touser", openid)
            .with("msgtype", "text")
            .with("text", new Json().with("content", content));
    return make(
        new Call<>(
            Endpoint.SEND_MESSAGE,
            body,
            (api, json) -> api.sendMessage(authorizerToken.reveal(), json),
            List.of(authorizerToken),
            answers::acknowledged),
        deadline);
  }

  private <T> WeChatResult<T> make(Call<T> call, Deadline deadline) {
    OpenTransactions.refuse("a call to WeChat");
    return exchange.make(call, deadline);
  }
}
