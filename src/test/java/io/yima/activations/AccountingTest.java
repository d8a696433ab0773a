package io.yima.activations;

import static io.yima.activations.ActivationScene.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.codes.OrderScene;
import io.yima.database.WorkerDatabase;
import io.yima.testsupport.DatabaseTrips;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where an application's codes are, from the order to the last activation. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class AccountingTest {

  @Inject WorkerDatabase database;

  private ActivationScene scene;

  @BeforeEach
  void open() {
    scene = ActivationScene.open();
  }

  @Test
  void codes_go_from_free_to_generated_to_downloaded_to_activated() {
    scene.orders.order(scene.merchant, "order-1", 120_000).statusCode(201);
    scene
        .accounting("order-1")
        .body("free.codes", equalTo(120_000))
        .body("generated.codes", equalTo(0));

    Time.passes(Duration.ofHours(1));
    OrderScene.syncDue();
    scene
        .accounting("order-1")
        .body("free.codes", equalTo(0))
        .body("generated.codes", equalTo(120_000))
        .body("downloaded.codes", equalTo(0));

    scene.stored();
    scene.activate("order-1", body(40_000, 59_999)).statusCode(201);

    scene
        .accounting("order-1")
        .statusCode(200)
        .body("code_count", equalTo(120_000))
        .body("free.codes", equalTo(0))
        .body("generated.codes", equalTo(0))
        .body("downloaded.codes", equalTo(100_000))
        .body("downloaded.ranges.code_start", equalTo(List.of(0, 60_000)))
        .body("downloaded.ranges.code_end", equalTo(List.of(39_999, 119_999)))
        .body("activated.codes", equalTo(20_000))
        .body("activated.ranges.code_start", equalTo(List.of(40_000)));
  }

  @Test
  void twenty_million_codes_are_listed_and_accounted_for_in_fewer_than_three_statements() {
    scene.orders.order(scene.merchant, "order-1", 20_000_000).statusCode(201);
    Time.passes(Duration.ofHours(2));
    OrderScene.syncDue();
    store(10_000_000);
    scene.activate("order-1", body(0, 599_999)).statusCode(201);

    scene
        .accounting("order-1")
        .statusCode(200)
        .body("free.codes", equalTo(0))
        .body("generated.codes", equalTo(10_000_000))
        .body("generated.ranges", hasSize(1))
        .body("downloaded.codes", equalTo(9_400_000))
        .body("downloaded.ranges.code_start", equalTo(List.of(600_000)))
        .body("activated.codes", equalTo(600_000));
    String application = OrderScene.application(scene.merchant, "order-1", "");
    scene.orders.get(application).body("code_generate_list", hasSize(400));
    scene.orders.get(application + "/packages?limit=500").body("items", hasSize(400));
    scene
        .list("order-1")
        .body("items", hasSize(1))
        .body("items[0].codes_activated", equalTo(600_000));
    for (String path :
        List.of(
            application,
            application + "/accounting",
            application + "/packages?limit=500",
            application + "/activations",
            OrderScene.applications(scene.merchant),
            "/api/v1/code-applications?state=FINISHED")) {
      String first = answer(path);
      assertThat(DatabaseTrips.of(() -> assertThat(answer(path)).isEqualTo(first)))
          .as("statements of GET %s, that which finds the provider included", path)
          .isBetween(1, 2);
    }
  }

  private String answer(String path) {
    return scene.orders.get(path).statusCode(200).extract().asString();
  }

  /** As if what begins before this index were fetched. */
  private void store(long before) {
    database.transaction(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  """
                  update code_package set
                    state = 'STORED', next_attempt_at = null, stored_at = now(), byte_count = 1,
                    sha256 = '', data_key = '', place = 'database', chunk_ends = '{}'
                  where provider_id = ? and authorizer_appid = ? and code_start < ?
                  """)) {
            update.setObject(1, scene.orders.provider().value());
            update.setString(2, scene.merchant);
            update.setLong(3, before);
            return update.executeUpdate();
          }
        });
  }
}
