package io.yima.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.yima.codes.OrderScene;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.AuthorizerId;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.S3Server;
import io.yima.testsupport.S3Server.Fault;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Packages in a bucket, and a bucket that fails. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
@QuarkusTestResource(value = BucketPackagesTest.Bucket.class, restrictToAnnotatedClass = true)
@TestProfile(BucketPackagesTest.Alone.class)
class BucketPackagesTest {

  private static final String ORDER = "order-1";

  /** More than anybody tries. */
  private static final int ALWAYS = 1_000;

  private static S3Server server;

  /** An application of its own, because its store is another. */
  public static class Alone implements QuarkusTestProfile {}

  /** A store that speaks S3. */
  public static class Bucket implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
      server = new S3Server();
      return Map.of(
          "yima.codes.store", "s3",
          "yima.codes.s3.bucket", S3Server.BUCKET,
          "yima.codes.s3.endpoint", server.endpoint(),
          "yima.codes.s3.region", S3Server.REGION,
          "yima.codes.s3.path-style", "true",
          "yima.codes.s3.access-key-id", S3Server.KEY_ID,
          "yima.codes.s3.secret-access-key", S3Server.SECRET);
    }

    @Override
    public void stop() {
      server.close();
    }
  }

  @Inject WorkerDatabase database;
  @Inject PackageDownloads downloads;
  @Inject PackageCalls calls;
  @Inject PackageObjectPurge purge;
  @Inject CodesSettings settings;
  @Inject SettableClock clock;

  private OrderScene scene;
  private String merchant;

  @BeforeEach
  void finish() {
    scene = OrderScene.open();
    merchant = scene.merchant();
    setKey();
    scene.order(merchant, ORDER, 100_000).statusCode(201);
    Time.passes(Duration.ofHours(1));
    OrderScene.syncDue();
    Time.passes(Duration.ofMinutes(1));
  }

  @AfterEach
  void mend() {
    server.mend();
  }

  private void fetchDue() {
    while (downloads.runDue(2) > 0) {
      // Until nothing is due any more.
    }
  }

  private static String codes(String merchant, String rest) {
    return OrderScene.application(merchant, ORDER, rest);
  }

  private Response get(String rest) {
    return scene.asProvider().accept("*/*").get(codes(merchant, rest));
  }

  private ValidatableResponse packages() {
    return scene.get(codes(merchant, "/packages")).statusCode(200);
  }

  private int downloadCalls() {
    return (int) scene.sandbox.applications(merchant).getFirst().get("download_calls");
  }

  private List<String> places() {
    return database.statement(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "select place from code_package where authorizer_appid = ? order by code_start")) {
            select.setString(1, merchant);
            List<String> places = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                places.add(row.getString(1));
              }
            }
            return places;
          }
        });
  }

  @Test
  void codes_go_through_the_bucket_and_come_back() {
    fetchDue();

    assertThat(places())
        .hasSize(2)
        .allMatch(
            place ->
                place.startsWith("s3:")
                    && server.objects().containsKey(place.substring("s3:".length())));
    List<String> lines = get("/codes").asString().lines().toList();
    assertThat(lines).hasSize(100_001);
    assertThat(lines.getLast()).startsWith("99999,P.URL.CN/");
    assertThat(get("/codes/50000").jsonPath().getLong("code_index")).isEqualTo(50_000);
    String sealed =
        new String(
            server.objects().get(places().getFirst().substring("s3:".length())),
            StandardCharsets.ISO_8859_1);
    assertThat(sealed).doesNotContain("P.URL.CN");
  }

  @Test
  void a_bucket_that_cannot_be_read_is_a_clear_problem_and_nothing_else() {
    fetchDue();
    List<String> ways =
        List.of("/codes", "/codes?code_end=0", "/codes.zip", "/codes/7", "/codes/7/qr");

    for (Fault fault : List.of(Fault.DENIED, Fault.BROKEN, Fault.CUT, Fault.WHOLE)) {
      server.fail(fault, ALWAYS);
      for (String way : ways) {
        Response response =
            scene
                .asProvider()
                .header("Accept-Encoding", "gzip")
                .accept("*/*")
                .get(codes(merchant, way));
        response
            .then()
            .statusCode(503)
            .contentType("application/problem+json")
            .header("Retry-After", "10")
            .header("Content-Encoding", nullValue())
            .header("Content-Disposition", nullValue())
            .body("code", equalTo("code_store_unavailable"));
        assertThat(response.asString())
            .doesNotContain(S3Server.SECRET, S3Server.KEY_ID, server.endpoint());
      }
      server.mend();
    }

    // What is not there at this moment is not damaged.
    packages().body("items.next_attempt_at", everyItem(nullValue()));
    get("/codes").then().statusCode(200);
    Robustness.row(
        "Codes",
        "reads from a bucket that refuses, fails, breaks off or ignores ranges",
        4 * ways.size(),
        "503 code_store_unavailable");
  }

  @Test
  void an_object_that_is_not_what_was_put_there_is_fetched_again() {
    fetchDue();
    String whole = get("/codes").asString();
    List<String> objects = places().stream().map(place -> place.substring("s3:".length())).toList();
    server.objects().get(objects.getFirst())[1_000] ^= 1;
    server.objects().remove(objects.getLast());

    for (String way : List.of("/codes", "/codes?code_start=50000", "/codes/7", "/codes/50007/qr")) {
      get(way).then().statusCode(503).body("code", equalTo("code_package_damaged"));
    }
    fetchDue();

    packages().body("items.last_error", everyItem(nullValue()));
    assertThat(places()).hasSize(2).doesNotContainAnyElementsOf(objects);
    assertThat(get("/codes").asString()).isEqualTo(whole);
    // Whoever is still reading the sound rest of it has a day.
    assertThat(server.objects()).containsKey(objects.getFirst());
    Time.passes(Duration.ofHours(25));
    purge.purge();
    assertThat(server.objects()).doesNotContainKeys(objects.toArray(String[]::new));
    assertThat(get("/codes").asString()).isEqualTo(whole);
    Robustness.row(
        "Codes",
        "reads of objects with a bit flipped, and of objects that are gone",
        4,
        "503 code_package_damaged, fetched again");
  }

  /**
   * The order of things: it is noted, put, named. Here the node dies, or stalls, before the last.
   */
  @Test
  void what_nobody_came_to_name_is_deleted_a_day_later() {
    PackageTurn turn = fetchedByUs();
    server.whenPut(
        () -> {
          takeItAway();
          server.fail(Fault.DENIED, ALWAYS);
        });

    assertThat(downloads.record(turn)).isFalse();

    server.mend();
    String left = turn.claimed().packageKey().fileName(turn.claimed().generation());
    assertThat(server.objects()).containsKey(left);
    Time.passes(Duration.ofSeconds(1));
    fetchDue();
    purge.purge();
    assertThat(server.objects()).containsKey(left);
    Time.passes(Duration.ofHours(25));
    server.fail(Fault.DENIED, ALWAYS);
    purge.purge();
    assertThat(server.objects()).containsKey(left);
    server.mend();
    Time.passes(Duration.ofHours(2));

    assertThat(purge.purge()).isPositive();

    assertThat(server.objects()).doesNotContainKey(left);
    assertThat(get("/codes").asString().lines()).hasSize(100_001);
    assertThat(purge.purge()).isZero();
  }

  @Test
  void what_is_somebody_else_s_by_now_is_not_even_put() {
    PackageTurn turn = fetchedByUs();
    takeItAway();

    assertThat(downloads.record(turn)).isFalse();

    assertThat(server.objects())
        .doesNotContainKey(turn.claimed().packageKey().fileName(turn.claimed().generation()));
  }

  /** Of a node that was paused for more than a day: its object may be gone at any moment. */
  @Test
  void what_was_given_up_is_named_by_no_package() {
    PackageTurn turn = fetchedByUs();
    server.whenPut(
        () ->
            database.transaction(
                connection ->
                    PackageObjects.doom(
                        connection,
                        ALWAYS,
                        clock.instant().plus(Duration.ofDays(2)),
                        clock.instant())));

    assertThatThrownBy(() -> downloads.record(turn)).isInstanceOf(IllegalStateException.class);

    packages().body("items[0].state", equalTo("PENDING"));
    purge.purge();
    assertThat(server.objects())
        .doesNotContainKey(turn.claimed().packageKey().fileName(turn.claimed().generation()));
  }

  /** The first package, claimed and had from WeChat, and not recorded. */
  private PackageTurn fetchedByUs() {
    ClaimedPackage first =
        database
            .transaction(
                connection ->
                    PackageClaims.due(
                        connection, clock.instant(), ALWAYS, "test", settings.lease()))
            .stream()
            .filter(
                piece ->
                    piece.application().authorizer().authorizerAppid().equals(merchant)
                        && piece.range().codeStart() == 0)
            .findFirst()
            .orElseThrow();
    return calls.take(first, Deadline.in(Duration.ofSeconds(20), Urgency.INTERACTIVE));
  }

  /** As a new key does, which has everything tried anew, whoever is at it. */
  private void takeItAway() {
    database.transaction(
        connection ->
            PackageRecords.wakeMerchant(
                connection, new AuthorizerId(scene.provider(), merchant), clock.instant()));
  }

  private void setKey() {
    scene
        .asProvider()
        .body(Map.of("key", scene.sandbox.account(merchant).getString("code_key")))
        .put("/api/v1/authorizers/" + merchant + "/code-key")
        .then()
        .statusCode(204);
  }

  @Test
  void a_bucket_that_fails_in_the_middle_breaks_the_answer_off_where_it_can_be_taken_up()
      throws IOException {
    fetchDue();
    String whole = get("/codes").asString();
    server.fail(Fault.NONE, 30);
    server.fail(Fault.DENIED, ALWAYS);

    String head = broken("/codes");
    server.mend();

    int last = head.lastIndexOf("\r\n") + 2;
    String got = head.substring(0, last);
    assertThat(whole).startsWith(got);
    int next = got.split("\r\n").length - 1;
    assertThat(next).isBetween(1_000, 99_999);
    String rest = get("/codes?code_start=" + next).asString();
    assertThat(got + rest.substring(rest.indexOf("\r\n") + 2)).isEqualTo(whole);
  }

  /** What there is of a body that breaks off, which is told by its missing last chunk. */
  private String broken(String rest) throws IOException {
    try (Socket socket = new Socket("localhost", RestAssured.port)) {
      String request =
          """
          GET %s HTTP/1.1\r
          Host: localhost\r
          Authorization: Bearer %s\r
          Yima-Provider: %s\r
          Accept: text/csv\r
          Connection: close\r
          \r
          """
              .formatted(codes(merchant, rest), YimaTestResource.OPERATOR_KEY, scene.app.appid());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      int head = all.indexOf("\r\n\r\n") + 4;
      assertThat(all).startsWith("HTTP/1.1 200").doesNotEndWith("\r\n0\r\n\r\n");
      return unchunked(all, head);
    }
  }

  private static String unchunked(String all, int head) {
    StringBuilder body = new StringBuilder();
    int at = head;
    while (at < all.length()) {
      int line = all.indexOf("\r\n", at);
      int length = Integer.parseInt(all.substring(at, line), 16);
      body.append(all, line + 2, Math.min(all.length(), line + 2 + length));
      at = line + 2 + length + 2;
    }
    return body.toString();
  }

  @Test
  void what_the_bucket_does_not_take_is_fetched_again_later_and_lost_never() {
    for (Fault fault : List.of(Fault.DENIED, Fault.BROKEN, Fault.CUT)) {
      server.fail(fault, ALWAYS);
      int before = downloadCalls();

      fetchDue();

      // Two are fetched side by side; none after that.
      assertThat(downloadCalls() - before).isBetween(1, 2);
      packages()
          .body("items.state", everyItem(equalTo("PENDING")))
          .body("items[0].last_error.code", equalTo("code_store_failed"));
      get("/codes").then().statusCode(409).body("code", equalTo("codes_not_ready"));
      server.mend();
      Time.passes(Duration.ofMinutes(11));
    }
    // At most one event for each package that was tried: the reason did not change.
    assertThat(scene.history(merchant, ORDER).stream().filter("codes_failed"::equals))
        .hasSizeBetween(1, 2);

    fetchDue();

    packages()
        .body("items.state", everyItem(equalTo("STORED")))
        .body("items.last_error", everyItem(nullValue()));
    assertThat(get("/codes").asString().lines()).hasSize(100_001);
    Robustness.row(
        "Codes",
        "packages that a bucket refuses, fails at or breaks off",
        3,
        "code_store_failed, fetched again, nothing lost");
  }
}
