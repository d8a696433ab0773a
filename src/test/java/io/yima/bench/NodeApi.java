package io.yima.bench;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import io.yima.testsupport.YimaTestResource;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** What the benchmark asks a node for over REST, as the provider's system would. */
record NodeApi(BenchYima.Node node) {

  URI address() {
    return URI.create("http://localhost:" + node.port());
  }

  /** A new key of the provider's; returns the header lines with which it is used. */
  String headersOfNewKey() {
    String key =
        asOperator()
            .body(Map.of("name", "benchmark", "scopes", List.of("read", "write", "tokens")))
            .post("/api/v1/providers/{appid}/keys", RefreshCaller.COMPONENT_APPID)
            .then()
            .statusCode(201)
            .extract()
            .path("key");
    return "Authorization: Bearer " + key + "\r\nContent-Type: application/json\r\n";
  }

  String metrics() {
    return asOperator().get("/q/metrics").asString();
  }

  private RequestSpecification asOperator() {
    return given()
        .baseUri(address().toString())
        .port(node.port())
        .contentType(ContentType.JSON)
        .header("Authorization", "Bearer " + YimaTestResource.OPERATOR_KEY);
  }
}
