package io.yima.bench;

/** What WeChat says, in the length in which it says it, when all goes well. */
final class StubAnswers {

  private static final String TOKEN =
      "74_benchmark-token-of-the-length-that-WeChat-gives-out-which-is-about-one-hundred-and-"
          + "thirty-characters-with-a-running-number-at-the-end-";

  private long issued;
  private long applications = 100_000_000;

  /** The answer to a call; an unknown path is a mistake of the benchmark and answered as such. */
  String to(StubRequest request) {
    return switch (request.path().substring(request.path().lastIndexOf('/') + 1)) {
      case "api_component_token" ->
          "{\"component_access_token\":\"" + token() + "\",\"expires_in\":7200}";
      case "api_authorizer_token" ->
          "{\"authorizer_access_token\":\""
              + token()
              + "\",\"expires_in\":7200,\"authorizer_refresh_token\":\""
              + request.field("authorizer_refresh_token")
              + "\"}";
      case "applycode" ->
          "{\"errcode\":0,\"errmsg\":\"ok\",\"application_id\":" + ++applications + "}";
      case "applycodequery" ->
          "{\"errcode\":0,\"errmsg\":\"ok\",\"status\":\"INIT\",\"application_id\":"
              + request.number("application_id")
              + ",\"isv_application_id\":\""
              + request.field("isv_application_id")
              + "\",\"create_time\":1700000000,\"update_time\":1700000000}";
      default -> "{\"errcode\":40066,\"errmsg\":\"the stub has no such interface\"}";
    };
  }

  private String token() {
    return TOKEN + ++issued;
  }
}
