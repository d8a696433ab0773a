package io.yima.packages;

import static io.yima.codes.OrderScene.asOperator;
import static io.yima.codes.OrderScene.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.DecoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.yima.codes.ApplicationKey;
import io.yima.codes.OrderScene;
import io.yima.database.EmbeddedPostgres;
import io.yima.database.WorkerDatabase;
import io.yima.secrets.Sha256;
import io.yima.tenancy.AuthorizerId;
import io.yima.testsupport.Logged;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.TestDatabase;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Codes of finished applications: fetched once, kept sealed, handed out. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class CodePackagesTest {

  private static final String DOWNLOAD = "/intp/marketcode/applycodedownload";
  private static final String ORDER = "order-1";
  private static final String OTHER_KEY = "0000000000000000";

  @Inject WorkerDatabase database;
  @Inject PackageDownloads downloads;
  @Inject PackageCalls calls;
  @Inject CodesSettings settings;
  @Inject DamagedPackages damagedPackages;
  @Inject Clock clock;

  private OrderScene scene;
  private String merchant;
  private String codeKey;

  @BeforeEach
  void open() {
    scene = OrderScene.open();
    merchant = scene.merchant();
    codeKey = scene.sandbox.account(merchant).getString("code_key");
  }

  @AfterEach
  void mend() {
    scene.sandbox.clearFaults();
  }

  private void finish(long codeCount) {
    scene.order(merchant, ORDER, codeCount).statusCode(201);
    Time.passes(Duration.ofHours(1));
    OrderScene.syncDue();
    scene.application(merchant, ORDER).body("state", equalTo("FINISHED"));
    Time.passes(Duration.ofMinutes(1));
  }

  private void fetchDue() {
    while (downloads.runDue(2) > 0) {
      // Until nothing is due any more.
    }
  }

  private ValidatableResponse setKey(String key) {
    return scene
        .asProvider()
        .body(Map.of("key", key))
        .put("/api/v1/authorizers/" + merchant + "/code-key")
        .then();
  }

  private static String codes(String merchant, String rest) {
    return OrderScene.application(merchant, ORDER, "/codes" + rest);
  }

  private Response get(String rest, String accept) {
    return scene.asProvider().accept(accept).get(codes(merchant, rest));
  }

  private List<String> csv(String rest) {
    Response response = get(rest, "text/csv");
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    return response.asString().lines().toList();
  }

  private ValidatableResponse packages() {
    return scene.get(OrderScene.application(merchant, ORDER, "/packages")).statusCode(200);
  }

  private int downloadCalls() {
    return (int) scene.sandbox.applications(merchant).getFirst().get("download_calls");
  }

  private void damaged(String buffer, int times) {
    scene.fault(DOWNLOAD, Map.of("kind", "answer", "set", Map.of("buffer", buffer)), times);
  }

  private static String sha256(byte[] content) {
    MessageDigest digest = Sha256.digest();
    return HexFormat.of().formatHex(digest.digest(content));
  }

  @Test
  void the_codes_of_a_finished_application_are_fetched_once_and_handed_out() {
    setKey(codeKey).statusCode(204);
    finish(120_000);

    fetchDue();
    fetchDue();

    packages()
        .body("items.code_start", equalTo(List.of(0, 50_000, 100_000)))
        .body("items.code_end", equalTo(List.of(49_999, 99_999, 119_999)))
        .body("items.state", everyItem(equalTo("STORED")))
        .body("items.rows", equalTo(List.of(50_000, 50_000, 20_000)))
        .body("items.sha256", everyItem(notNullValue()))
        .body("items.last_error", everyItem(nullValue()));
    assertThat(downloadCalls()).isEqualTo(3);
    List<String> lines = csv("");
    assertThat(lines).hasSize(120_001);
    assertThat(lines.getFirst()).isEqualTo("code_index,code_url,row");
    for (int i = 0; i < 120_000; i += 7_777) {
      assertThat(lines.get(i + 1)).matches(i + ",P\\.URL\\.CN/.{19}," + i + "\t.{9}\t[01]{48}\t.*");
    }
    assertThat(lines.stream().skip(1).distinct()).hasSize(120_000);
    assertThat(scene.history(merchant, ORDER)).endsWith("finished", "codes_stored");
  }

  @Test
  void any_range_comes_as_csv_or_ndjson_also_across_packages_and_with_gzip() throws IOException {
    setKey(codeKey);
    finish(100_000);
    fetchDue();

    List<String> lines = csv("?code_start=49998&code_end=50001");
    assertThat(lines).hasSize(5);
    assertThat(lines.get(1)).startsWith("49998,");
    assertThat(lines.get(4)).startsWith("50001,");
    assertThat(csv("?code_start=99999")).hasSize(2);
    assertThat(csv("?code_end=0")).hasSize(2);
    Response ndjson = get("?code_start=1999&code_end=2000", "application/x-ndjson");
    assertThat(ndjson.contentType()).startsWith("application/x-ndjson");
    assertThat(ndjson.asString().lines())
        .hasSize(2)
        .allMatch(
            line -> line.matches("\\{\"code_index\":\\d+,\"code_url\":\"P.*\",\"row\":\".*\"}"));
    Response zipped =
        scene
            .asProvider()
            .config(
                RestAssuredConfig.config()
                    .decoderConfig(DecoderConfig.decoderConfig().noContentDecoders()))
            .header("Accept-Encoding", "br, gzip;q=0.5")
            .accept("*/*")
            .get(codes(merchant, "?code_end=4999"));
    assertThat(zipped.header("Content-Encoding")).isEqualTo("gzip");
    try (GZIPInputStream plain =
        new GZIPInputStream(new ByteArrayInputStream(zipped.asByteArray()))) {
      assertThat(new String(plain.readAllBytes(), StandardCharsets.US_ASCII).lines())
          .hasSize(5_001);
    }
    get("", "image/gif").then().statusCode(406);
  }

  @Test
  void a_zip_has_a_file_for_each_range_a_manifest_and_sums_that_are_right() throws IOException {
    setKey(codeKey);
    finish(100_000);
    fetchDue();

    Response zip =
        scene
            .asProvider()
            .accept("application/zip")
            .get(OrderScene.application(merchant, ORDER, "/codes.zip"));

    assertThat(zip.statusCode()).isEqualTo(200);
    Map<String, byte[]> files = new HashMap<>();
    try (ZipInputStream entries = new ZipInputStream(new ByteArrayInputStream(zip.asByteArray()))) {
      for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        files.put(entry.getName(), entries.readAllBytes());
      }
    }
    assertThat(files)
        .containsOnlyKeys(
            "codes-00000000-00049999.csv",
            "codes-00050000-00099999.csv",
            "manifest.json",
            "SHA256SUMS");
    String sums = new String(files.get("SHA256SUMS"), StandardCharsets.US_ASCII);
    for (String name : List.of("codes-00000000-00049999.csv", "codes-00050000-00099999.csv")) {
      assertThat(sums).contains(sha256(files.get(name)) + "  " + name + "\n");
      assertThat(new String(files.get(name), StandardCharsets.US_ASCII).lines()).hasSize(50_001);
    }
    assertThat(new String(files.get("manifest.json"), StandardCharsets.UTF_8))
        .contains("\"codes\" : 100000", "\"isv_application_id\" : \"order-1\"");
  }

  @Test
  void a_single_code_is_shown_and_drawn() {
    setKey(codeKey);
    finish(10_000);
    fetchDue();
    String url = csv("?code_end=0").get(1).split(",")[1];

    get("/0", "application/json").then().statusCode(200).body("code_url", equalTo(url));
    get("/9999", "application/json").then().statusCode(200).body("code_index", equalTo(9_999));
    get("/0/qr", "image/svg+xml").then().statusCode(200).body(containsString("<svg"));
    assertThat(get("/0/qr", "image/png").asByteArray()).startsWith(0x89, 'P', 'N', 'G');
    for (String wrong : List.of("/10000", "/x", "/-1", "/1.5", "/99999999999999999999")) {
      get(wrong, "application/json").then().statusCode(404).body("code", equalTo("code_not_found"));
    }
  }

  @Test
  void a_read_is_audited_with_its_range_and_caller() {
    setKey(codeKey);
    finish(10_000);
    fetchDue();
    csv("?code_start=5&code_end=9");

    asOperator()
        .get("/api/v1/audit-events?action=codes.read&component_appid=" + scene.app.appid())
        .then()
        .statusCode(200)
        .body("items[0].object", equalTo(ORDER))
        .body("items[0].authorizer_appid", equalTo(merchant))
        .body("items[0].detail", equalTo("5..9 as csv"));
  }

  @Test
  void bad_ranges_are_refused_by_field() {
    setKey(codeKey);
    finish(10_000);
    fetchDue();
    for (String range :
        List.of(
            "?code_start=-1",
            "?code_start=x",
            "?code_start=1.5",
            "?code_start=10000",
            "?code_end=10000",
            "?code_start=9&code_end=8",
            "?code_end=99999999999999999999")) {
      get(range, "text/csv").then().statusCode(422).body("errors.size()", equalTo(1));
    }
    Robustness.row(
        "Codes", "ranges reversed, negative, outside, no numbers", 7, "422 naming the field");
  }

  @Test
  void codes_that_wechat_has_not_made_are_a_conflict() {
    setKey(codeKey);
    scene.order(merchant, ORDER).statusCode(201);

    get("", "text/csv").then().statusCode(409).body("code", equalTo("codes_not_finished"));
    get("/0", "application/json")
        .then()
        .statusCode(409)
        .body("code", equalTo("codes_not_finished"));
  }

  @Test
  void without_a_key_nothing_is_called_and_the_key_heals_it() {
    finish(100_000);

    fetchDue();

    assertThat(downloadCalls()).isZero();
    packages().body("items.last_error.code", everyItem(equalTo("code_key_missing")));
    get("", "text/csv").then().statusCode(409).body("code", equalTo("code_key_missing"));
    assertThat(scene.history(merchant, ORDER)).contains("codes_failed");

    setKey(codeKey).statusCode(204);
    Time.passes(Duration.ofSeconds(1));
    fetchDue();

    assertThat(csv("")).hasSize(100_001);
  }

  @Test
  void a_wrong_key_costs_one_call_loses_nothing_and_is_healed_by_the_right_one() {
    setKey(OTHER_KEY).statusCode(204);
    finish(200_000);

    fetchDue();
    Time.passes(Duration.ofHours(1));
    fetchDue();

    // Two are fetched side by side; none after that.
    assertThat(downloadCalls()).isBetween(1, 2);
    packages()
        .body("items.state", everyItem(equalTo("PENDING")))
        .body("items.last_error.code", everyItem(equalTo("code_key_invalid")));
    get("", "text/csv").then().statusCode(409).body("code", equalTo("code_key_invalid"));

    setKey(codeKey).statusCode(204);
    Time.passes(Duration.ofSeconds(1));
    fetchDue();

    assertThat(csv("?code_start=199999")).hasSize(2);
  }

  @Test
  void a_key_that_is_set_while_a_package_is_fetched_with_a_wrong_one_is_tried_at_once() {
    setKey(OTHER_KEY);
    finish(10_000);
    List<ClaimedPackage> claimed = claim();
    PackageTurn turn =
        calls.take(claimed.getFirst(), Deadline.in(Duration.ofSeconds(20), Urgency.INTERACTIVE));

    setKey(codeKey);
    boolean ours = downloads.record(turn);

    assertThat(ours).isFalse();
    fetchDue();
    assertThat(csv("")).hasSize(10_001);
  }

  /** Other tests may have left packages that are due, too. */
  private List<ClaimedPackage> claim() {
    return database.transaction(
        connection ->
            PackageClaims.due(connection, clock.instant(), 500, "test", settings.lease()).stream()
                .filter(
                    piece -> piece.application().authorizer().authorizerAppid().equals(merchant))
                .toList());
  }

  @Test
  void what_was_fetched_twice_is_stored_once() {
    setKey(codeKey);
    finish(10_000);
    PackageTurn turn =
        calls.take(claim().getFirst(), Deadline.in(Duration.ofSeconds(20), Urgency.INTERACTIVE));

    assertThat(downloads.record(turn)).isTrue();
    assertThat(downloads.record(turn)).isFalse();

    assertThat(claim()).isEmpty();
    assertThat(count("code_package_chunk")).isEqualTo(5);
  }

  private long count(String table) {
    return database.statement(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "select count(*) from " + table + " where authorizer_appid = ?")) {
            select.setString(1, merchant);
            try (ResultSet row = select.executeQuery()) {
              row.next();
              return row.getLong(1);
            }
          }
        });
  }

  @Test
  void a_damaged_package_is_not_kept_and_fetched_again() {
    setKey(codeKey);
    finish(10_000);
    String rows = CraftedPackage.rows(0, 9_999);
    String flipped = CraftedPackage.seal(rows, codeKey, 32);
    char[] bits = flipped.toCharArray();
    bits[100_000] = bits[100_000] == 'A' ? 'B' : 'A';
    List<String> damages =
        List.of(
            CraftedPackage.seal(CraftedPackage.rows(0, 9_998), codeKey, 32),
            CraftedPackage.seal(CraftedPackage.rows(0, 10_000), codeKey, 16),
            CraftedPackage.seal(rows.replace("P.URL.CN", "Q.URL.CN"), codeKey, 16),
            "not base64!",
            flipped.substring(0, 40_000),
            new String(bits));
    for (String damage : damages) {
      damaged(damage, 1);
      fetchDue();
      packages()
          .body("items[0].state", equalTo("PENDING"))
          .body("items[0].last_error.code", equalTo("code_package_invalid"));
      assertThat(count("code_package_chunk")).isZero();
      Time.passes(Duration.ofHours(1));
    }
    Robustness.row(
        "Codes",
        "packages a row too short or long, without addresses, cut off, not base64, a bit flipped",
        damages.size(),
        "code_package_invalid, nothing stored, fetched again");

    fetchDue();

    assertThat(csv("")).hasSize(10_001);
    // One event for the reason that did not change.
    assertThat(scene.history(merchant, ORDER)).containsOnlyOnce("codes_failed");
  }

  @Test
  void a_package_that_is_too_large_to_read_is_told_and_tried_once_a_day() {
    setKey(codeKey);
    finish(10_000);
    String half = "A".repeat(17 << 20);
    scene.fault(DOWNLOAD, Map.of("kind", "answer", "set", Map.of("buffer", half, "more", half)), 1);

    fetchDue();
    Time.passes(Duration.ofHours(23));
    fetchDue();

    // A call that were repeated would be answered well.
    packages()
        .body("items[0].state", equalTo("PENDING"))
        .body("items[0].last_error.code", equalTo("code_package_too_large"))
        .body("items[0].last_error.remedy", containsString("32 MiB"));
    get("", "text/csv").then().statusCode(409).body("code", equalTo("codes_not_ready"));
    assertThat(scene.history(merchant, ORDER)).containsOnlyOnce("codes_failed");
  }

  @Test
  void a_package_in_a_directory_that_is_named_no_more_is_a_clear_problem() {
    setKey(codeKey);
    finish(10_000);
    fetchDue();
    move("database", "file:gone");

    get("", "text/csv").then().statusCode(503).body("code", equalTo("code_store_unavailable"));
    get("/0", "application/json").then().statusCode(503).header("Retry-After", notNullValue());

    move("file:gone", "database");
    assertThat(csv("")).hasSize(10_001);
  }

  private void move(String from, String to) {
    database.transaction(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "update code_package set place = ? where authorizer_appid = ? and place = ?")) {
            update.setString(1, to);
            update.setString(2, merchant);
            update.setString(3, from);
            return update.executeUpdate();
          }
        });
  }

  @Test
  void a_package_with_another_padding_and_other_line_ends_is_taken() {
    setKey(codeKey);
    finish(10_000);
    damaged(
        CraftedPackage.seal(
            CraftedPackage.rows(0, 9_999).replace("\t", "  ").replace("\n", "\r\n").strip(),
            codeKey,
            16),
        1);

    fetchDue();

    assertThat(csv("?code_end=0").get(1))
        .isEqualTo(
            "0,P.URL.CN/0U.0000000000000000,0  C00000000  01010  P.URL.CN/0U.0000000000000000");
  }

  @Test
  void what_wechat_refuses_is_tried_again_at_its_time() {
    setKey(codeKey);
    finish(10_000);
    scene.fault(DOWNLOAD, errcode(-1), 1);
    fetchDue();
    packages().body("items[0].last_error.errcode", equalTo(-1));
    Time.passes(Duration.ofMinutes(1));
    scene.fault(DOWNLOAD, errcode(48001), 1);
    fetchDue();
    packages().body("items[0].last_error.errcode", equalTo(48_001));
    Time.passes(Duration.ofHours(1));
    scene.fault(DOWNLOAD, errcode(45009), 1);
    fetchDue();
    packages().body("items[0].last_error.code", equalTo("quota_exhausted"));
    Time.passes(Duration.ofHours(25));
    // The last ticket lasted half a day, and tokens are had again only after a pause.
    scene.sandbox.pushTicket(scene.app.appid());
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              Time.passes(Duration.ofMinutes(10));
              OrderScene.runDue();
              fetchDue();
              return packages().extract().path("items[0].state").equals("STORED");
            });
  }

  @Test
  void calls_are_counted_for_the_day_s_quota() {
    setKey(codeKey);
    finish(100_000);
    fetchDue();

    scene
        .get("/api/v1/authorizers/" + merchant + "/quota")
        .statusCode(200)
        .body("apis.find { it.cgi_path == '" + DOWNLOAD + "' }.calls", equalTo(2));
  }

  @Test
  void what_nobody_wanted_yet_is_fetched_when_somebody_asks() {
    setKey(codeKey);
    finish(100_000);
    asIfOnDemand();
    fetchDue();
    assertThat(downloadCalls()).isZero();

    get("?code_start=60000", "text/csv")
        .then()
        .statusCode(409)
        .header("Retry-After", notNullValue())
        .body("code", equalTo("codes_not_ready"));
    fetchDue();

    assertThat(csv("?code_start=60000")).hasSize(40_001);
    assertThat(downloadCalls()).isEqualTo(1);
  }

  private void asIfOnDemand() {
    database.transaction(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "update code_package set next_attempt_at = null where authorizer_appid = ?")) {
            update.setString(1, merchant);
            return update.executeUpdate();
          }
        });
  }

  @Test
  void a_client_that_pauses_holds_no_connection_and_gets_the_rest_when_it_goes_on()
      throws IOException {
    setKey(codeKey);
    finish(200_000);
    fetchDue();
    String whole = get("", "text/csv").asString();

    try (Socket socket = pausedReader()) {
      byte[] rest = socket.getInputStream().readAllBytes();
      // Chunked: besides the codes there are the head and the chunks' lengths.
      assertThat(rest.length).isGreaterThan(whole.length());
      assertThat(new String(rest, StandardCharsets.US_ASCII)).endsWith("\r\n0\r\n\r\n");
    }
  }

  /** What is gone meanwhile cannot be sent any more: so it was in nobody's memory. */
  @Test
  void nothing_is_read_ahead_for_a_client_that_stopped_and_no_answer_ends_as_if_it_were_whole()
      throws Exception {
    setKey(codeKey);
    finish(200_000);
    fetchDue();

    try (Socket socket = pausedReader()) {
      loseChunksFrom(100_000);

      String rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      // Not matched as a whole: a failure would print all of it.
      assertThat(rest.contains("\r\n99000,P.URL.CN/")).isTrue();
      assertThat(rest.contains("\r\n100000,P.URL.CN/")).isFalse();
      assertThat(rest.endsWith("\r\n0\r\n\r\n")).isFalse();
    }
  }

  @Test
  void however_fast_it_is_read_no_answer_that_broke_off_ends_as_if_it_were_whole()
      throws Exception {
    setKey(codeKey);
    finish(100_000);
    fetchDue();
    loseChunksFrom(50_000);

    for (String what : List.of("", ".zip")) {
      for (int turn = 0; turn < 30; turn++) {
        try (Socket socket = request(what)) {
          String all =
              new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
          assertThat(all.startsWith("HTTP/1.1 200")).isTrue();
          assertThat(all.endsWith("\r\n0\r\n\r\n")).as("turn %d", turn).isFalse();
        }
      }
    }
  }

  private void loseChunksFrom(long codeStart) throws SQLException {
    damage(
        "delete from code_package_chunk where authorizer_appid = ? and code_start >= ?", codeStart);
  }

  private void flipABitOf(long codeStart, int number) throws SQLException {
    damage(
        """
        update code_package_chunk set content = set_byte(content, 99, get_byte(content, 99) # 1)
        where authorizer_appid = ? and code_start = ? and number = %d
        """
            .formatted(number),
        codeStart);
  }

  private void damage(String statement, long codeStart) throws SQLException {
    EmbeddedPostgres server = TestDatabase.server();
    try (Connection connection =
            DriverManager.getConnection(server.jdbcUrl(), "postgres", server.password());
        PreparedStatement damage = connection.prepareStatement(statement)) {
      damage.setString(1, merchant);
      damage.setLong(2, codeStart);
      assertThat(damage.executeUpdate()).isPositive();
    }
  }

  @Test
  void what_is_kept_and_damaged_is_a_clear_problem_and_is_fetched_again() throws SQLException {
    setKey(codeKey);
    finish(150_000);
    fetchDue();
    String whole = get("", "text/csv").asString();
    flipABitOf(0, 0);
    damage(
        """
        update code_package_chunk set content = substring(content for 10)
        where authorizer_appid = ? and code_start = ? and number = 0
        """,
        50_000);
    loseChunksFrom(100_000);
    List<String> ways =
        List.of(
            "",
            "?code_start=1000&code_end=1000",
            "?code_start=50000",
            "?code_start=149999",
            "/0",
            "/50000/qr",
            "/149999");

    try (Logged logged = new Logged()) {
      for (String way : ways) {
        get(way, "*/*")
            .then()
            .statusCode(503)
            .contentType("application/problem+json")
            .header("Retry-After", notNullValue())
            .body("code", equalTo("code_package_damaged"));
      }
      get("", "application/x-ndjson").then().statusCode(503);
      // Once for each package, and without any code.
      assertThat(logged.troubles("are damaged")).hasSize(3);
      assertThat(
              logged.troubles(
                  "Codes 50000 to 99999 of application order-1 of merchant " + merchant))
          .hasSize(1);
      assertThat(logged.troubles("P.URL.CN")).isEmpty();
    }
    Robustness.row(
        "Codes",
        "reads of stored chunks with a bit flipped, cut off, gone",
        ways.size(),
        "503 code_package_damaged, fetched again");
    // Nothing is lost meanwhile that can still be read.
    assertThat(csv("?code_start=2000&code_end=49999")).hasSize(48_001);
    packages()
        .body("items.state", everyItem(equalTo("STORED")))
        .body("items.next_attempt_at", everyItem(notNullValue()))
        .body("items.last_error.code", everyItem(equalTo("code_package_damaged")))
        .body("items.last_error.remedy", everyItem(containsString("YIMA_CODES_STORE")));

    fetchDue();

    packages()
        .body("items.next_attempt_at", everyItem(nullValue()))
        .body("items.last_error", everyItem(nullValue()));
    assertThat(get("", "text/csv").asString().equals(whole)).isTrue();
    assertThat(downloadCalls()).isEqualTo(6);
    assertThat(count("code_package_chunk")).isEqualTo(75);
    assertThat(scene.history(merchant, ORDER)).contains("codes_failed").endsWith("codes_stored");
  }

  /** A disk that spoils all that it is given must not use the merchant's quota up. */
  @Test
  void what_is_damaged_again_is_fetched_again_a_day_later() throws SQLException {
    setKey(codeKey);
    finish(10_000);
    fetchDue();
    flipABitOf(0, 0);
    get("/0", "*/*").then().statusCode(503);
    fetchDue();
    get("/0", "*/*").then().statusCode(200);

    flipABitOf(0, 0);
    get("/0", "*/*").then().statusCode(503);
    Time.passes(Duration.ofHours(23));
    get("/0", "*/*").then().statusCode(503);
    fetchDue();

    assertThat(downloadCalls()).isEqualTo(2);
    Time.passes(Duration.ofHours(2));
    // The last ticket lasted half a day, and tokens are had again only after a pause.
    scene.sandbox.pushTicket(scene.app.appid());
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              Time.passes(Duration.ofMinutes(10));
              OrderScene.runDue();
              fetchDue();
              return get("/0", "*/*").statusCode() == 200;
            });
    assertThat(downloadCalls()).isEqualTo(3);
  }

  /** Whoever read the former content meanwhile says nothing about the one that took its place. */
  @Test
  void a_package_that_was_fetched_again_is_not_marked_for_its_former_content() throws SQLException {
    setKey(codeKey);
    finish(10_000);
    fetchDue();
    StoredPackage former = stored();
    flipABitOf(0, 0);
    get("/0", "*/*").then().statusCode(503);
    fetchDue();

    damagedPackages.found(former, new CodePackageDamaged("read too late", null));

    packages().body("items[0].next_attempt_at", nullValue());
  }

  private StoredPackage stored() {
    ApplicationKey key = new ApplicationKey(new AuthorizerId(scene.provider(), merchant), ORDER);
    return database
        .statement(connection -> PackageSearch.within(connection, key, new CodeRange(0, 0)))
        .stream()
        .map(one -> CodeReader.stored(new CodeSelection.Part(one, one.range())).content())
        .findFirst()
        .orElseThrow();
  }

  /** The status line is gone by then. */
  @Test
  void a_stream_that_comes_upon_damage_is_cut_and_never_ends_as_if_it_were_whole()
      throws Exception {
    setKey(codeKey);
    finish(200_000);
    fetchDue();
    flipABitOf(150_000, 3);

    try (Socket socket = pausedReader()) {
      String rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(rest.contains("\r\n149999,P.URL.CN/")).isTrue();
      assertThat(rest.contains("\r\n156000,P.URL.CN/")).isFalse();
      assertThat(rest.endsWith("\r\n0\r\n\r\n")).isFalse();
    }
    fetchDue();

    assertThat(csv("?code_start=150000")).hasSize(50_001);
  }

  /** A client that asked for all codes, took one byte of the answer, and pauses. */
  private Socket pausedReader() throws IOException {
    Socket socket = request("");
    assertThat(socket.getInputStream().read()).isEqualTo('H');
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofMinutes(1))
        .until(() -> readingSessions() == 0);
    return socket;
  }

  private Socket request(String what) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4 << 10);
    socket.connect(new InetSocketAddress("localhost", RestAssured.port));
    String head =
        """
        GET %s HTTP/1.1\r
        Host: localhost\r
        Authorization: Bearer %s\r
        Yima-Provider: %s\r
        Accept: */*\r
        Connection: close\r
        \r
        """
            .formatted(codes(merchant, what), YimaTestResource.OPERATOR_KEY, scene.app.appid());
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** Connections that are in the middle of reading codes at this moment. */
  private long readingSessions() {
    return database.statement(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement(
                      """
                      select count(*) from pg_stat_activity
                      where application_name = 'yima-api' and state <> 'idle'
                      """);
              ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  @Test
  void a_key_must_be_sixteen_characters_and_is_never_told() {
    for (String wrong :
        List.of("", "short", "0123456789abcdef0", "0123456789 bcdef", "0123456789码bcdef")) {
      setKey(wrong).statusCode(422).body("errors[0].field", equalTo("key"));
    }
    assertThat(setKey(codeKey).statusCode(204).extract().asString()).isEmpty();
    scene
        .asProvider()
        .body(Map.of("key", codeKey))
        .put("/api/v1/authorizers/wxunheardof/code-key")
        .then()
        .statusCode(404)
        .body("code", equalTo("authorizer_not_found"));
    assertThat(
            database.<String>statement(
                connection -> {
                  try (PreparedStatement select =
                      connection.prepareStatement(
                          "select k::text from code_key k where authorizer_appid = ?")) {
                    select.setString(1, merchant);
                    try (ResultSet row = select.executeQuery()) {
                      row.next();
                      return row.getString(1);
                    }
                  }
                }))
        .doesNotContain(codeKey)
        .doesNotContain(HexFormat.of().formatHex(codeKey.getBytes(StandardCharsets.US_ASCII)));
  }
}
