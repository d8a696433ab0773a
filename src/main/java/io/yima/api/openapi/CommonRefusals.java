package io.yima.api.openapi;

import java.util.List;

/** The problems that no operation declares, because all of their kind can be answered with them. */
final class CommonRefusals {

  /** Whatever the operation is. */
  static final List<Refusal> ALWAYS =
      List.of(
          new Refusal(401, "api_key_missing", "Send an API key as a bearer token."),
          new Refusal(401, "api_key_invalid", "The API key is not valid, or no longer."),
          new Refusal(400, "invalid_address", "The address has broken escapes or odd segments."),
          new Refusal(406, "not_acceptable", "The answer is JSON, which Accept leaves out."),
          new Refusal(413, "body_too_large", "The body has more than 1 MiB."),
          new Refusal(500, "internal_error", "Something went wrong on our side."),
          new Refusal(414, "address_too_long", "The address is longer than is taken."),
          new Refusal(431, "headers_too_large", "The headers have more bytes than are taken."),
          new Refusal(429, "rate_limited", "More requests than are taken in this time."),
          new Refusal(
              429, "too_many_open_requests", "Too many requests of this provider are under way."),
          new Refusal(
              429,
              "too_many_failed_authentications",
              "Too many requests from this address came with a wrong API key."),
          new Refusal(503, "database_unavailable", "The database cannot be reached; try again."),
          new Refusal(503, "shutting_down", "This node is being stopped; another one answers."));

  /** Operations of operators. */
  static final List<Refusal> OPERATOR =
      List.of(new Refusal(403, "operator_only", "Only an operator's key may do this."));

  /** Operations of a provider. */
  static final List<Refusal> PROVIDER =
      List.of(
          new Refusal(400, "provider_required", "An operator's key must name a Yima-Provider."),
          new Refusal(403, "scope_missing", "The API key lacks the scope."),
          new Refusal(403, "operator_only", "Only an operator's key may name another provider."),
          new Refusal(404, "provider_not_found", "There is no provider as in Yima-Provider."));

  /** Operations that name a merchant. */
  static final List<Refusal> AUTHORIZER =
      List.of(
          new Refusal(
              403, "authorizer_not_allowed", "The API key is restricted to other authorizers."));

  /** Operations that name a provider in their path. */
  static final List<Refusal> NAMED_PROVIDER =
      List.of(new Refusal(404, "provider_not_found", "There is no such provider."));

  /** Operations that take a body. */
  static final List<Refusal> BODY =
      List.of(
          new Refusal(400, "invalid_json", "The body is not the JSON object that is asked for."),
          new Refusal(400, "invalid_type", "A field has the wrong type."),
          new Refusal(400, "unknown_field", "A field is unknown."),
          new Refusal(400, "duplicate_field", "A field is given twice."),
          new Refusal(400, "body_incomplete", "The body did not arrive whole."),
          new Refusal(415, "unsupported_media_type", "The body is not application/json."));

  /** Operations that must have a body. */
  static final List<Refusal> REQUIRED_BODY =
      List.of(new Refusal(400, "body_required", "There is no body."));

  /** Operations whose fields or query parameters have rules. */
  static final List<Refusal> RULES =
      List.of(new Refusal(422, "invalid", "Fields or parameters break rules."));

  /** Operations that take {@code Yima-Actor}. */
  static final List<Refusal> ACTOR =
      List.of(new Refusal(400, "invalid_header", "Yima-Actor is too long, or has control codes."));

  /** Operations that take {@code Idempotency-Key}. */
  static final List<Refusal> IDEMPOTENT =
      List.of(
          new Refusal(
              400, "idempotency_key_invalid", "It is given twice, or has no 1 to 255 characters."),
          new Refusal(
              409, "idempotency_key_in_use", "A request with this Idempotency-Key still runs."),
          new Refusal(
              422, "idempotency_key_reused", "This Idempotency-Key stands for another request."));

  private CommonRefusals() {}
}
