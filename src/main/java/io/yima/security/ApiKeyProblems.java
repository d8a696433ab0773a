package io.yima.security;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.api.Problems;

/** Why a caller is refused. */
final class ApiKeyProblems {

  private ApiKeyProblems() {}

  static HttpProblem missing() {
    return unauthorized(
        "api_key_missing", "Send an API key in the header Authorization: Bearer <key>.");
  }

  /** One answer for mistyped, unknown, expired and revoked, so that nobody can tell which. */
  static HttpProblem invalid() {
    return unauthorized("api_key_invalid", "The API key is not valid, or no longer.");
  }

  static HttpProblem scopeMissing(String scope) {
    return Problems.of(403, "scope_missing", "The API key lacks the scope " + scope + ".");
  }

  static HttpProblem operatorOnly() {
    return Problems.of(403, "operator_only", "Only an operator's key may do this.");
  }

  static HttpProblem authorizerNotAllowed() {
    return Problems.of(
        403, "authorizer_not_allowed", "The API key is restricted to other authorizers.");
  }

  private static HttpProblem unauthorized(String code, String detail) {
    return HttpProblem.builder(Problems.of(401, code, detail))
        .withHeader("WWW-Authenticate", "Bearer")
        .build();
  }
}
