package io.yima.wechat;

import static io.yima.wechat.ErrorCodes.Kind.AUTHORIZATION_CODE;
import static io.yima.wechat.ErrorCodes.Kind.BUSY;
import static io.yima.wechat.ErrorCodes.Kind.CALL;
import static io.yima.wechat.ErrorCodes.Kind.FREQUENCY;
import static io.yima.wechat.ErrorCodes.Kind.NOT_AUTHORIZED;
import static io.yima.wechat.ErrorCodes.Kind.QUOTA;
import static io.yima.wechat.ErrorCodes.Kind.REFRESH_TOKEN;
import static io.yima.wechat.ErrorCodes.Kind.REQUEST;
import static io.yima.wechat.ErrorCodes.Kind.SETUP;
import static io.yima.wechat.ErrorCodes.Kind.TICKET;
import static io.yima.wechat.ErrorCodes.Kind.TOKEN;

import io.yima.wechat.Failure.Loss;
import io.yima.wechat.Failure.RejectedToken;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What WeChat's error numbers mean and what a person can do about them: the one table from
 * interface and number to {@link Failure}, after [ERR], [ERR2], [TROUBLE]. Numbers that are not in
 * it count as {@link Failure.Misconfigured}: never final, always shown to a person.
 */
final class ErrorCodes {

  /** What a number is about. */
  enum Kind {
    /** WeChat is busy: later. */
    BUSY,
    /** The token in the address; where none is sent, the platform's secret. */
    TOKEN,
    REFRESH_TOKEN,
    NOT_AUTHORIZED,
    AUTHORIZATION_CODE,
    /** The verify ticket: another one comes within minutes. */
    TICKET,
    QUOTA,
    FREQUENCY,
    /** Set-up of platform or account: a person's business. */
    SETUP,
    /** The request itself is wrong, whatever is called. */
    REQUEST,
    /**
     * We called wrongly. Final for a component call; an order outlives it, because a later version
     * of ours may do better.
     */
    CALL
  }

  private record Meaning(Kind kind, String remedy) {}

  private static final Pattern REQUEST_IP = Pattern.compile("requestIP:?\\s*([0-9A-Fa-f.:]+)");
  private static final String IP =
      "Add the egress address of this machine%s to the platform's IP allow-list on"
          + " open.weixin.qq.com, in the published version and of this very platform.";
  private static final String GRANT =
      "Let the merchant's administrator authorize again with permission set 46 (微信一物一码) ticked.";
  private static final String NONE = "";

  private static final Map<Integer, Meaning> TABLE = new HashMap<>();

  static {
    row(-1, BUSY, NONE);
    // Of codeactive alone, whose caller says what to do: anywhere else nobody knows what it means.
    row(1, SETUP, NONE);
    row(40001, TOKEN, "Check component_appsecret: WeChat does not accept it for this platform.");
    row(40002, REQUEST, NONE);
    row(40003, CALL, NONE);
    row(40013, SETUP, "Check component_appid: WeChat does not know it.");
    row(40014, TOKEN, "Check component_appsecret: WeChat does not accept it for this platform.");
    row(40090, SETUP, "Check on open.weixin.qq.com that the platform may make this call.");
    row(40091, TICKET, ticket());
    row(40094, SETUP, "Check component_appid and component_appsecret on open.weixin.qq.com.");
    row(40097, CALL, NONE);
    row(40125, SETUP, "Check component_appsecret; if it was reset, send the new one with PATCH.");
    row(40164, SETUP, IP);
    row(40170, CALL, NONE);
    row(41001, CALL, NONE);
    row(41002, CALL, NONE);
    row(41004, CALL, NONE);
    row(41018, CALL, NONE);
    row(42001, TOKEN, NONE);
    row(42002, REFRESH_TOKEN, reauthorize());
    row(42006, TOKEN, NONE);
    row(42007, REFRESH_TOKEN, reauthorize());
    row(44002, REQUEST, NONE);
    row(45009, QUOTA, "Wait for the next day in Shanghai, or clear the quota in WeChat's console.");
    row(45011, FREQUENCY, NONE);
    row(
        45015,
        SETUP,
        "The user wrote to the account too long ago, or follows it no more: let it write again; in"
            + " a release check, start the check again.");
    row(45035, SETUP, IP);
    row(47001, REQUEST, NONE);
    row(
        48001,
        SETUP,
        "Let the merchant apply for 微信一物一码 in the account's own backend (mp.weixin.qq.com)"
            + " and check that it granted the permission set.");
    row(48004, SETUP, "WeChat banned this interface for the account: the merchant must act.");
    row(48006, QUOTA, "Wait for the next month: this quota cannot be cleared again.");
    row(49001, CALL, NONE);
    row(50002, SETUP, "The account is frozen or cancelled: the merchant must settle it.");
    row(61000, SETUP, platform());
    row(61001, SETUP, platform());
    row(61002, SETUP, "Open the customer-service feature of the account.");
    row(61003, NOT_AUTHORIZED, reauthorize());
    row(61004, SETUP, IP);
    row(61005, TICKET, ticket());
    row(61006, TICKET, ticket());
    row(61007, SETUP, GRANT);
    row(61008, CALL, NONE);
    row(61009, AUTHORIZATION_CODE, "Open the authorization link once more.");
    row(61010, AUTHORIZATION_CODE, "Open the authorization link once more.");
    row(61011, SETUP, "Check that component_appid is a third-party platform's, not an account's.");
    row(61012, CALL, NONE);
    row(61013, CALL, NONE);
    row(61014, CALL, NONE);
    row(61015, CALL, NONE);
    row(61016, SETUP, "Confirm the permission set in the platform's console, then publish.");
    row(61017, SETUP, GRANT);
    for (int confirmation = 61018; confirmation <= 61022; confirmation++) {
      row(confirmation, SETUP, "Settle the confirmation of the permission set in the console.");
    }
    row(61023, REFRESH_TOKEN, reauthorize());
    row(61024, CALL, NONE);
    row(61025, CALL, NONE);
    row(61026, SETUP, platform());
    row(61027, SETUP, platform());
    row(61028, SETUP, "Publish the platform (全网发布) on open.weixin.qq.com.");
    row(61029, SETUP, "Publish the platform again, with the basic permission set.");
    row(61030, SETUP, platform());
    row(76001, CALL, NONE);
    row(76002, CALL, NONE);
    row(76003, CALL, NONE);
    row(76021, CALL, NONE);
    row(76022, CALL, NONE);
    row(89503, SETUP, "Let the administrator confirm this machine's address in WeChat.");
  }

  private ErrorCodes() {}

  static boolean isKnown(int errcode) {
    return kind(errcode).isPresent();
  }

  /** Whether WeChat says that it cannot serve anybody at this moment. */
  static boolean isBusy(int errcode) {
    return kind(errcode).filter(kind -> kind == Kind.BUSY).isPresent();
  }

  static Set<Integer> known() {
    return Set.copyOf(TABLE.keySet());
  }

  /** What an error number other than 0 means where it was met. */
  static Failure classify(Endpoint endpoint, int errcode, WeChatError error) {
    return switch (kind(errcode).orElse(SETUP)) {
      case BUSY, TICKET -> new Failure.Unavailable(error, true);
      case TOKEN -> rejectedToken(endpoint, error);
      case REFRESH_TOKEN -> new Failure.AuthorizationLost(error, Loss.REFRESH_TOKEN_INVALID);
      case NOT_AUTHORIZED -> new Failure.AuthorizationLost(error, Loss.NOT_AUTHORIZED);
      case AUTHORIZATION_CODE ->
          new Failure.AuthorizationLost(error, Loss.AUTHORIZATION_CODE_SPENT);
      case QUOTA -> new Failure.QuotaExhausted(error);
      case FREQUENCY -> new Failure.RateLimited(error);
      case SETUP -> new Failure.Misconfigured(error);
      case REQUEST -> new Failure.Rejected(error);
      case CALL ->
          endpoint.token() == Endpoint.Token.AUTHORIZER
              ? new Failure.Misconfigured(error)
              : new Failure.Rejected(error);
    };
  }

  /** What a person can do, when something can be done. */
  static Optional<String> remedy(Failure failure) {
    WeChatError error = failure.error();
    if (error.errcode() == null) {
      return belowWeChat(failure);
    }
    Meaning meaning = TABLE.get(error.errcode());
    if (meaning == null || (meaning.kind == TOKEN && failure instanceof Failure.TokenRejected)) {
      return Optional.empty();
    }
    return Optional.of(meaning.remedy)
        .filter(remedy -> !remedy.isEmpty())
        .map(remedy -> remedy.equals(IP) ? IP.formatted(addressSeen(error.errmsg())) : remedy);
  }

  /** 43xxx stands for "must be GET / POST / HTTPS" and the like: the request itself. */
  private static Optional<Kind> kind(int errcode) {
    if (errcode >= 43000 && errcode < 44000) {
      return Optional.of(REQUEST);
    }
    return Optional.ofNullable(TABLE.get(errcode)).map(Meaning::kind);
  }

  private static Failure rejectedToken(Endpoint endpoint, WeChatError error) {
    return switch (endpoint.token()) {
      case NONE -> new Failure.Misconfigured(error);
      case COMPONENT -> new Failure.TokenRejected(error, RejectedToken.COMPONENT);
      case AUTHORIZER -> new Failure.TokenRejected(error, RejectedToken.AUTHORIZER);
    };
  }

  private static Optional<String> belowWeChat(Failure failure) {
    return switch (failure) {
      case Failure.Misconfigured _ ->
          Optional.of("Check YIMA_WECHAT_BASE_URL and any proxy on the way to it.");
      case Failure.Unavailable(WeChatError _, boolean sent) when !sent ->
          Optional.of(
              "If this goes on, check that this machine reaches the address in"
                  + " YIMA_WECHAT_BASE_URL, and that YIMA_WECHAT_MAX_IN_FLIGHT is not too low.");
      case Failure.Unavailable _,
          Failure.TokenRejected _,
          Failure.AuthorizationLost _,
          Failure.QuotaExhausted _,
          Failure.RateLimited _,
          Failure.OutcomeUnknown _,
          Failure.Rejected _ ->
          Optional.empty();
    };
  }

  /** The errmsg of 61004 carries the address that WeChat saw [F-61004A]. */
  static Optional<String> addressSeenIn(String errmsg) {
    Matcher matcher = REQUEST_IP.matcher(errmsg);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static String addressSeen(String errmsg) {
    return addressSeenIn(errmsg).map(address -> " (WeChat saw " + address + ")").orElse("");
  }

  private static void row(int errcode, Kind kind, String remedy) {
    TABLE.put(errcode, new Meaning(kind, remedy));
  }

  private static String ticket() {
    return "Wait for WeChat's next verify ticket (every 10 minutes); if none comes, check the"
        + " address for authorization events in the platform's console.";
  }

  private static String reauthorize() {
    return "Send the merchant a new authorization link and let it authorize again.";
  }

  private static String platform() {
    return "Check the state of the third-party platform on open.weixin.qq.com.";
  }
}
