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
  GET_QUOTA("openapi/quota/get", Token.AUTHORIZER);

  /** Whose token is sent as a query parameter. */
  enum Token {
    NONE,
    COMPONENT,
    AUTHORIZER
  }

  private final String api;
  private final Token token;

  Endpoint(String api, Token token) {
    this.api = api;
    this.token = token;
  }

  static Optional<Endpoint> of(String api) {
    return Arrays.stream(values()).filter(endpoint -> endpoint.api.equals(api)).findFirst();
  }

  String api() {
    return api;
  }

  Token token() {
    return token;
  }
}
