package io.yima.observability;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class OperationsTest {

  @Inject Backlog backlog;

  @Test
  void a_running_node_is_alive_and_ready() {
    given().get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));
    given().get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
  }

  @Test
  void the_backlog_and_the_age_of_tickets_are_metrics_without_any_merchant() {
    backlog.sample();

    String metrics = given().get("/q/metrics").asString();

    assertThat(metrics)
        .containsPattern("(?m)^yima_backlog_tokens \\d")
        .containsPattern("(?m)^yima_backlog_applications \\d")
        .containsPattern("(?m)^yima_backlog_inbox \\d")
        .containsPattern("(?m)^yima_ticket_age_seconds \\d")
        .containsPattern("(?m)^yima_tickets_missing \\d")
        .doesNotContainPattern("yima_[a-z_]+\\{[^}]*wx");
  }

  @Test
  void the_api_is_described() {
    String description = given().get("/q/openapi").asString();

    assertThat(description).contains("/api/v1/providers", "code-applications", "/token/refresh");
  }
}
