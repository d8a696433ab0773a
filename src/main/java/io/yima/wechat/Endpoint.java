package io.yima.wechat;

import java.util.Arrays;
import java.util.Optional;

/** The interfaces of WeChat that we call, and whose token each one takes in its address. */
enum Endpoint {
  COMPONENT_TOKEN("api_component_token", Token.NONE),
  START_PUSH_TICKET("api_start_push_ticket", Token.NONE),
  PRE_AUTH_CODE("api_create_preauthcode", Token.COMPONENT),
  QUERY_AUTH("api_query_auth", Token.COMPONENT),
  AUTHORIZER_TOKEN("api_authorizer_token", Token.COMPONENT),
  AUTHORIZER_INFO("api_get_authorizer_info", Token.COMPONENT),
  AUTHORIZER_LIST("api_get_authorizer_list", Token.COMPONENT),
  APPLY_CODE("applycode", Token.AUTHORIZER),
  QUERY_APPLICATION("applycodequery", Token.AUTHORIZER),
  DOWNLOAD_CODES(
      "applycodedownload", Token.AUTHORIZER, Endpoint.LONGEST_ANSWER, EncryptedCodes.PATIENCE),
  ACTIVATE_CODES("codeactive", Token.AUTHORIZER),
  QUERY_CODE("codeactivequery", Token.AUTHORIZER),
  EXCHANGE_CODE_TICKET("tickettocode", Token.AUTHORIZER),
  GET_QUOTA("openapi/quota/get", Token.AUTHORIZER),
  /** Whatever else is passed on; under one name, because names are labels of figures. */
  FORWARDED("forwarded", Token.AUTHORIZER),
  SEND_MESSAGE("message/custom/send", Token.AUTHORIZER);

  /** Whose token is sent as a query parameter. */
  enum Token {
    NONE,
    COMPONENT,
    AUTHORIZER
  }

  /** No interface's answer may have more bytes. */
  static final int LONGEST_ANSWER = 32 << 20;

  private static final int USUAL_ANSWER = 4 << 20;
  private static final String MARKETCODE = "intp/marketcode/";

  private final String api;
  private final Token token;
  private final int longestAnswer;
  private final int patience;

  Endpoint(String api, Token token) {
    this(api, token, USUAL_ANSWER, 1);
  }

  Endpoint(String api, Token token, int longestAnswer, int patience) {
    this.api = api;
    this.token = token;
    this.longestAnswer = longestAnswer;
    this.patience = patience;
  }

  static Optional<Endpoint> of(String api) {
    return Arrays.stream(values()).filter(endpoint -> endpoint.api.equals(api)).findFirst();
  }

  /** Whose limits and name hold for a call that is passed on to this path. */
  static Endpoint ofForwarded(String path) {
    return path.startsWith(MARKETCODE)
        ? of(path.substring(MARKETCODE.length())).orElse(FORWARDED)
        : FORWARDED;
  }

  String api() {
    return api;
  }

  Token token() {
    return token;
  }

  /** How many bytes an answer may have. */
  int longestAnswer() {
    return longestAnswer;
  }

  /** How many times the usual time limit a call may take. */
  int patience() {
    return patience;
  }
}
