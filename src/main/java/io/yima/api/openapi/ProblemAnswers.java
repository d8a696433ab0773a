package io.yima.api.openapi;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/**
 * Describes problems as answers: one a status, which lists the codes that can come. Each is called
 * after them and stands once, to be referred to.
 */
final class ProblemAnswers {

  private static final String MEDIA_TYPE = "application/problem+json";

  private final Components components;
  private final Map<String, List<Refusal>> described = new HashMap<>();

  ProblemAnswers(Components components) {
    this.components = components;
  }

  /** A reference to the answer of these problems, which have one status. */
  APIResponse of(List<Refusal> refusals, String operationId) {
    String name =
        refusals.getFirst().status()
            + "."
            + refusals.stream().map(Refusal::code).collect(Collectors.joining("."));
    if (!refusals.equals(described.getOrDefault(name, refusals))) {
      // The same codes, in other words.
      name += "." + operationId;
    }
    if (described.put(name, refusals) == null) {
      components.addResponse(name, answer(refusals));
    }
    return OASFactory.createAPIResponse().ref("#/components/responses/" + name);
  }

  private static APIResponse answer(List<Refusal> refusals) {
    int status = refusals.getFirst().status();
    String description =
        refusals.stream()
            .map(refusal -> "- `" + refusal.code() + "`: " + refusal.when())
            .collect(Collectors.joining("\n"));
    APIResponse response =
        OASFactory.createAPIResponse()
            .description(description)
            .addHeader("X-Request-Id", header("X-Request-Id"))
            .content(
                OASFactory.createContent()
                    .addMediaType(
                        MEDIA_TYPE,
                        OASFactory.createMediaType()
                            .schema(schema(status, refusals))
                            .example(example(refusals.getFirst()))));
    switch (status) {
      case 401 -> response.addHeader("WWW-Authenticate", header("WWW-Authenticate"));
      case 429 -> {
        response.addHeader("Retry-After", header("Retry-After"));
        for (String limit : List.of("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")) {
          response.addHeader(limit, header(limit));
        }
      }
      case 503 -> response.addHeader("Retry-After", header("Retry-After"));
      default -> {}
    }
    return response;
  }

  private static Schema schema(int status, List<Refusal> refusals) {
    Schema codes = OASFactory.createSchema();
    refusals.stream().map(Refusal::code).distinct().forEach(codes::addEnumeration);
    return OASFactory.createSchema()
        .addAllOf(OASFactory.createSchema().ref("#/components/schemas/Problem"))
        .addAllOf(
            OASFactory.createSchema()
                .addProperty("status", OASFactory.createSchema().constValue(status))
                .addProperty("code", codes));
  }

  private static Map<String, Object> example(Refusal refusal) {
    Map<String, Object> example = new LinkedHashMap<>();
    example.put("type", "about:blank");
    example.put("title", HttpResponseStatus.valueOf(refusal.status()).reasonPhrase());
    example.put("status", refusal.status());
    example.put("detail", refusal.when());
    example.put("code", refusal.code());
    example.put("request_id", "0199d0c5-7a54-7c3e-9c1f-0d2b8a6f4e22");
    if (refusal.namesFields()) {
      example.put("errors", List.of(wrongField()));
    }
    if (refusal.wechat()) {
      Map<String, Object> wechat = new LinkedHashMap<>();
      wechat.put("errcode", 40002);
      wechat.put("errmsg", "invalid grant_type rid: 66f2a1b0-5c2d1e3f-1a2b3c4d");
      wechat.put("rid", "66f2a1b0-5c2d1e3f-1a2b3c4d");
      example.put("wechat", wechat);
    }
    return example;
  }

  private static Map<String, Object> wrongField() {
    Map<String, Object> field = new LinkedHashMap<>();
    field.put("field", "code_count");
    field.put("message", "must be a multiple of 10000 between 10000 and 20000000");
    return field;
  }

  static Header header(String name) {
    return OASFactory.createHeader().ref("#/components/headers/" + name);
  }
}
