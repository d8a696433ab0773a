package io.yima.packaged;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.response.Response;
import io.yima.packaged.GossipingWeChat.Mood;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.S3Server;
import io.yima.testsupport.S3Server.Fault;
import io.yima.testsupport.YimaTestResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Looks for secrets that the test knows where none may ever stand, after all went wrong that can:
 * WeChat failed in every way and quoted what it was told, callers sent their secrets into the wrong
 * places, and the operator turned the log up.
 */
class LeakIT {

  private static final String SUBJECT = "Leaks";
  private static final String PLANTED = "planted-0123456789-label";
  private static final Duration LONG = Duration.ofSeconds(90);

  @TempDir Path directory;

  private final SecretSearch secrets = new SecretSearch();
  private final StringBuilder answers = new StringBuilder();
  private final Map<String, Set<String>> found = new TreeMap<>();
  private int problems;

  @Test
  void no_known_secret_is_in_log_database_metrics_threads_or_answers() throws Exception {
    try (PackagedYima yima = new PackagedYima(directory);
        GossipingWeChat wechat = new GossipingWeChat(yima.sandbox().address());
        S3Server bucket = new S3Server()) {
      ComponentApp app = ComponentApp.unheardOf();
      ApiClient api = new ApiClient(yima.port(), app);
      JavaProcess node =
          yima.startNode(
              yima.port(),
              Map.ofEntries(
                  Map.entry("YIMA_WECHAT_BASE_URL", wechat.address()),
                  Map.entry("YIMA_SYNC_FIRST_AFTER", "PT1S"),
                  Map.entry("YIMA_SYNC_MAX_INTERVAL", "PT2S"),
                  Map.entry("YIMA_CODES_STORE", "s3"),
                  Map.entry("YIMA_CODES_S3_BUCKET", S3Server.BUCKET),
                  Map.entry("YIMA_CODES_S3_ENDPOINT", bucket.endpoint()),
                  Map.entry("YIMA_CODES_S3_REGION", S3Server.REGION),
                  Map.entry("YIMA_CODES_S3_PATH_STYLE", "true"),
                  Map.entry("YIMA_CODES_S3_ACCESS_KEY_ID", S3Server.KEY_ID),
                  Map.entry("YIMA_CODES_S3_SECRET_ACCESS_KEY", S3Server.SECRET),
                  Map.entry("QUARKUS_HTTP_ACCESS_LOG_ENABLED", "true"),
                  Map.entry("QUARKUS_LOG_LEVEL", "DEBUG"),
                  Map.entry("QUARKUS_LOG_CATEGORY__IO_YIMA__LEVEL", "DEBUG")));
      secrets.add("operator key", YimaTestResource.OPERATOR_KEY);
      secrets.add("master keyset", yima.keyset());
      Matcher value = Pattern.compile("\"value\": *\"([^\"]+)\"").matcher(yima.keyset());
      assertThat(value.find()).isTrue();
      secrets.add("master key", value.group(1));
      secretsOf(app);
      secrets.add("store's secret key", S3Server.SECRET);

      String merchant = live(yima, api, app);
      List<String> printed = codes(yima, api, merchant, bucket);
      String link = authorizeInTheBrowser(yima, api, app, merchant);
      fail(yima, wechat, node, api, merchant, link);
      ComponentApp rotated = rotate(yima, api, app);
      secretsOf(rotated);
      misplace(api, merchant, wechat, printed);
      heal(yima, api, merchant);
      throughTheGateway(yima, api, merchant);
      Files.writeString(directory.resolve("metrics"), api.metrics());
      for (String path : List.of("/q/openapi", "/q/health", "/q/health/ready", "/q/swagger-ui/")) {
        keep(given().baseUri(yima.address()).get(path));
      }
      wechat.heard().forEach((secret, name) -> secrets.add(name, secret));
      dumpTables(yima);
      for (byte[] sealed : bucket.objects().values()) {
        look("bucket", sealed);
      }
      node.stop();
      assertThat(wechat.shown()).containsExactlyInAnyOrder(Mood.values());
    }
    // The database has stopped and so has written everything to its files.
    search();
  }

  private void secretsOf(ComponentApp app) {
    secrets.add("component_appsecret", app.appsecret());
    secrets.add("message_token", app.messageToken());
    secrets.add("encoding_aes_key", app.encodingAesKey());
  }

  private String live(PackagedYima yima, ApiClient api, ComponentApp app) {
    yima.sandbox().platform(app, yima.address());
    assertThat(keep(api.register()).statusCode()).isEqualTo(201);
    secrets.add("provider key", api.providerKey().jsonPath().getString("key"));
    String merchant = yima.sandbox().serviceAccount("守口如瓶");
    secrets.add(
        "authorization_code", yima.sandbox().authorize(app.appid(), merchant, List.of(1, 46)));
    KilledNodeIT.awaitMarketingCodes(api, merchant);
    secrets.add(
        "authorizer_access_token", api.token(merchant).jsonPath().getString("access_token"));
    String labelled =
        "{\"code_count\":10000,\"isv_application_id\":\"labelled\",\"label\":\"%s\"}"
            .formatted(PLANTED);
    assertThat(keep(api.send("POST", orders(merchant), labelled)).statusCode()).isEqualTo(201);
    return merchant;
  }

  /** Has codes fetched, kept and handed out, with the wrong key first and a store that fails. */
  private List<String> codes(PackagedYima yima, ApiClient api, String merchant, S3Server bucket) {
    String wrong = "wrong-key-0123456".substring(0, 16);
    String right = yima.sandbox().account(merchant).getString("code_key");
    secrets.add("code key", right);
    secrets.add("code key", wrong);
    assertThat(putCodeKey(api, merchant, wrong)).isEqualTo(204);
    String codes = orders(merchant) + "/labelled/codes";
    await()
        .atMost(LONG)
        .until(() -> keep(api.send("GET", codes, "")).asString().contains("code_key_invalid"));
    bucket.fail(Fault.DENIED, 2);
    assertThat(putCodeKey(api, merchant, right)).isEqualTo(204);
    await()
        .atMost(LONG)
        .until(
            () ->
                keep(api.send("GET", orders(merchant) + "/labelled/packages", ""))
                    .asString()
                    .contains("code_store_failed"));
    bucket.mend();
    assertThat(putCodeKey(api, merchant, right)).isEqualTo(204);
    await().atMost(LONG).until(() -> api.send("GET", codes, "").statusCode() == 200);
    bucket.fail(Fault.DENIED, 1);
    problem(api.send("GET", codes, ""));

    // The one place where codes belong is not kept among the answers.
    List<String> rows = api.send("GET", codes, "").asString().lines().toList();
    assertThat(rows).hasSize(10_001);
    List<String> printed = new ArrayList<>();
    for (int index = 1; index <= 10_000; index += 1_111) {
      String[] columns = rows.get(index).split("[,\t ]");
      printed.add(columns[1]);
      secrets.add("code", columns[1]);
      secrets.add("code's bits", columns[4]);
    }
    return printed;
  }

  private int putCodeKey(ApiClient api, String merchant, String key) {
    return keep(api.send(
            "PUT",
            "/api/v1/authorizers/" + merchant + "/code-key",
            "{\"key\":\"%s\"}".formatted(key)))
        .statusCode();
  }

  private String authorizeInTheBrowser(
      PackagedYima yima, ApiClient api, ComponentApp app, String merchant) throws IOException {
    String link =
        keep(api.send("POST", "/api/v1/authorization-links", "{}")).jsonPath().getString("url");
    keep(given().get(link));
    assertThat(press(link)).isEqualTo(303);
    String code = yima.sandbox().authorize(app.appid(), merchant, List.of(1, 46), false);
    secrets.add("authorization_code", code);
    String id = link.substring(link.lastIndexOf('/') + 1);
    String encoded = URLEncoder.encode(code, StandardCharsets.UTF_8);
    String authorized =
        "/wechat/" + app.appid() + "/authorized?expires_in=600&auth_code=" + encoded;
    for (String more :
        List.of("&link=" + id, "&link=unknown", "&x=%zz", "&%=%", "&link=" + id, "&link=" + id)) {
      raw(yima.port(), "GET " + authorized + more);
    }
    raw(yima.port(), "POST " + authorized);
    raw(yima.port(), "GET " + authorized + "&x=" + "y".repeat(5_000));
    assertThat(raw(yima.port(), "GET /api/v1/nothing/%zz?access_token=" + encoded))
        .as("a broken address is the caller's fault, with an access log as without")
        .startsWith("HTTP/1.1 400");
    raw(yima.port(), "GET /q/nothing?access_token=" + encoded);
    return link;
  }

  /** A request that no client would send. */
  private String raw(int port, String request) throws IOException {
    try (Socket socket = new Socket("localhost", port)) {
      socket.setSoTimeout(30_000);
      String head =
          " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
      socket.getOutputStream().write((request + head).getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      synchronized (answers) {
        answers.append(answer).append('\n');
      }
      return answer;
    }
  }

  /** The address of WeChat's page has to hold a pre-auth code; any other answer must not. */
  private int press(String link) {
    Response answer = given().redirects().follow(false).post(link);
    return answer.statusCode() == 303 ? 303 : keep(answer).statusCode();
  }

  private void fail(
      PackagedYima yima,
      GossipingWeChat wechat,
      JavaProcess node,
      ApiClient api,
      String merchant,
      String link)
      throws Exception {
    for (Mood mood : Mood.values()) {
      wechat.mood(mood);
      String id = "leak-" + mood;
      List<CompletableFuture<?>> calls =
          Stream.<Runnable>of(
                  () -> keep(api.order(merchant, id)),
                  () -> keep(api.refresh(merchant)),
                  () -> keep(api.send("POST", orders(merchant) + "/labelled/sync", "")),
                  () -> keep(api.send("POST", "/api/v1/authorizers/adopt", "")),
                  () -> press(link))
              .<CompletableFuture<?>>map(CompletableFuture::runAsync)
              .toList();
      if (mood == Mood.SILENT) {
        await().atMost(LONG).until(() -> wechat.shown().contains(Mood.SILENT));
        dumpThreads(node);
      }
      CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).join();
      yima.sandbox().authorize(api.app().appid(), merchant, List.of(1, 46, mood.ordinal() + 2));
      yima.sandbox().pushTicket(api.app().appid());
      wechat.mood(Mood.HONEST);
      keep(api.application(merchant, id));
      keep(api.send("GET", orders(merchant) + "/" + id + "/history", ""));
      keep(api.send("GET", "/api/v1/provider", ""));
      keep(api.authorizer(merchant));
      heal(yima, api, merchant);
    }
  }

  /** Until a token can be renewed again. */
  private static void heal(PackagedYima yima, ApiClient api, String merchant) {
    yima.sandbox().pushTicket(api.app().appid());
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(() -> api.refresh(merchant).jsonPath().getBoolean("refreshed"));
  }

  private ComponentApp rotate(PackagedYima yima, ApiClient api, ComponentApp app) {
    ComponentApp next = ComponentApp.unheardOf();
    String change =
        "{\"component_appsecret\":\"%s\",\"encoding_aes_key\":\"%s\",\"message_token\":\"%s\"}"
            .formatted(next.appsecret(), next.encodingAesKey(), next.messageToken());
    assertThat(keep(api.send("PATCH", "/api/v1/providers/" + app.appid(), change)).statusCode())
        .isEqualTo(200);
    ComponentApp rotated =
        new ComponentApp(app.appid(), next.appsecret(), next.messageToken(), next.encodingAesKey());
    yima.sandbox().platform(rotated, yima.address());
    return rotated;
  }

  /** Callers who put secrets where they do not belong, as in every problem there is. */
  private void misplace(
      ApiClient api, String merchant, GossipingWeChat wechat, List<String> printed) {
    List<String> all = new ArrayList<>();
    all.add(printed.getFirst());
    all.add(YimaTestResource.OPERATOR_KEY);
    for (String kind :
        List.of(
            "authorizer_access_token",
            "authorizer_refresh_token",
            "component_verify_ticket",
            "pre_auth_code")) {
      all.add(wechat.heard(kind));
    }
    for (String secret : all) {
      for (String body :
          List.of(
              "{\"code_count\":\"%s\"}",
              "{\"code_count\":%s}",
              "{\"code_count\":1,\"isv_application_id\":[\"%s\"]}",
              "{\"code_count\":1,\"isv_application_id\":\"a\",\"label\":{\"a\":\"%s\"}}",
              "{\"code_count\":1,\"code_count\":\"%s\"}",
              "{\"access_token\":\"%s\"}",
              "{\"code_count\":10000,\"isv_application_id\":\" %s\"}",
              "{\"code_count\":10000,\"isv_application_id\":\"%s",
              "%s",
              "{\"code_count\":10000}%s")) {
        problem(api.send("POST", orders(merchant), body.formatted(secret)));
        problem(api.send("POST", "/api/v1/providers", body.formatted(secret)));
      }
      for (String key : List.of("{\"key\":\"%s \"}", "{\"key\":[\"%s\"]}", "{\"key\":\"%s")) {
        problem(
            api.send(
                "PUT", "/api/v1/authorizers/" + merchant + "/code-key", key.formatted(secret)));
      }
      problem(
          api.send(
              "GET",
              orders(merchant) + "/labelled/codes?code_start=" + secret.replaceAll("\\W", "_"),
              ""));
      String bad =
          "{\"component_appid\":\"%s\",\"name\":\"\",\"component_appsecret\":\"%s\","
              + "\"message_token\":\"%s!\",\"encoding_aes_key\":\"%s\"}";
      problem(api.send("POST", "/api/v1/providers", bad.formatted("a b", secret, secret, secret)));
      problem(api.send("GET", "/api/v1/authorizers?limit=" + secret.replaceAll("\\W", "_"), ""));
      problem(api.send("GET", "/api/v1/authorizers?after=" + secret.replaceAll("\\W", "_"), ""));
      problem(api.send("GET", "/api/v1/authorizers?status=" + secret.replaceAll("\\W", "_"), ""));
      problem(api.send("GET", "/api/v1/nothing?access_token=" + secret.replaceAll("\\W", "_"), ""));
      problem(
          given()
              .baseUri("http://localhost:" + api.port())
              .header("Authorization", "Bearer " + secret + "x")
              .header("Yima-Provider", secret)
              .get("/api/v1/authorizers"));
      problem(
          given()
              .baseUri("http://localhost:" + api.port())
              .header("Authorization", "Basic " + base64(secret))
              .header("X-Request-Id", secret)
              .contentType("text/plain")
              .body(secret)
              .post(orders(merchant)));
    }
    keep(
        given()
            .baseUri("http://localhost:" + api.port())
            .header("X-Request-Id", PLANTED)
            .get("/api/v1/nothing"));
  }

  /** Keys and tokens in queries, as WeChat's protocol has them, right ones and wrong ones. */
  private void throughTheGateway(PackagedYima yima, ApiClient api, String merchant)
      throws IOException {
    String key =
        api.send(
                "POST",
                "/api/v1/providers/" + api.app().appid() + "/keys",
                "{\"name\":\"sdk\",\"scopes\":[\"gateway\"]}")
            .jsonPath()
            .getString("key");
    secrets.add("gateway key", key);
    String door = yima.address() + "/gateway/" + merchant;
    String grant = "?grant_type=client_credential&appid=" + merchant + "&secret=";
    String token =
        given().get(door + "/cgi-bin/token" + grant + key).jsonPath().getString("access_token");
    secrets.add("gateway token", token);
    for (String path : List.of("/cgi-bin/token", "/cgi-bin/stable_token")) {
      keep(given().get(door + path + grant + key + "x"));
      keep(given().get(door + path + grant + key + "&appid=other"));
      keep(given().body("{\"secret\":\"" + key + "\"").post(door + path + grant + key));
      raw(yima.port(), "GET /gateway/" + merchant + path + grant + key + "&x=%zz");
      raw(yima.port(), "PUT /gateway/" + merchant + path + grant + key);
    }
    for (String path : List.of("/intp/marketcode/applycode", "/cgi-bin/user/info", "/%zz")) {
      for (String shown : List.of(token, token + "x", key)) {
        String target = "/gateway/" + merchant + path + "?access_token=" + shown;
        raw(yima.port(), "POST " + target);
        raw(yima.port(), "GET " + target);
      }
    }
    assertThat(
            keep(given()
                    .body("{\"code_count\":10000,\"isv_application_id\":\"by-sdk\"}")
                    .post(door + "/intp/marketcode/applycode?access_token=" + token))
                .jsonPath()
                .getInt("errcode"))
        .as("the token is good; one of the moods used the day's quota up")
        .isEqualTo(45009);
  }

  private static String orders(String merchant) {
    return "/api/v1/authorizers/" + merchant + "/code-applications";
  }

  private void problem(Response response) {
    assertThat(response.statusCode()).isBetween(400, 599);
    problems++;
    keep(response);
  }

  private Response keep(Response response) {
    synchronized (answers) {
      answers.append(response.headers()).append(response.asString()).append('\n');
    }
    return response;
  }

  private void dumpThreads(JavaProcess node) throws Exception {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Path virtual = directory.resolve("virtual-threads");
    for (List<String> command :
        List.of(List.of("Thread.dump_to_file", virtual.toString()), List.of("Thread.print"))) {
      List<String> all = new ArrayList<>(List.of(jcmd.toString(), Long.toString(node.pid())));
      all.addAll(command);
      Process process =
          new ProcessBuilder(all)
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(directory.resolve("threads").toFile()))
              .start();
      assertThat(process.waitFor()).isZero();
    }
    assertThat(Files.readString(virtual)).contains("wechat-call");
  }

  /** Every row of every table as text, in which bytes are hexadecimal. */
  private void dumpTables(PackagedYima yima) throws SQLException, IOException {
    StringBuilder rows = new StringBuilder();
    try (Connection connection =
            DriverManager.getConnection(
                yima.database().jdbcUrl(), yima.database().username(), yima.database().password());
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet table =
          statement.executeQuery("select tablename from pg_tables where schemaname = 'public'")) {
        while (table.next()) {
          tables.add(table.getString(1));
        }
      }
      statement.execute("set role yima_worker");
      for (String table : tables) {
        if (table.startsWith("flyway")) {
          continue;
        }
        try (ResultSet row = statement.executeQuery("select t::text from " + table + " t")) {
          while (row.next()) {
            rows.append(table).append(' ').append(row.getString(1)).append('\n');
          }
        }
      }
    }
    Files.writeString(directory.resolve("tables"), rows);
    // WeChat's words are kept, without what it quoted.
    assertThat(rows).contains("[secret]").contains("6a6b-6c6d").contains(PLANTED);
  }

  private void search() throws IOException {
    List<Path> database = SecretSearch.databaseFiles(directory);
    List<Path> log = SecretSearch.nodeLogs(directory);
    database.forEach(file -> look(file.toString(), bytes(file)));
    log.forEach(this::lookAtLines);
    for (String file : List.of("tables", "metrics", "threads", "virtual-threads")) {
      look(file, bytes(directory.resolve(file)));
    }
    answers
        .toString()
        .lines()
        .forEach(line -> look("answers", line.getBytes(StandardCharsets.UTF_8)));

    assertThat(found).as("%s", secrets).isEmpty();
    findsWhatIsPlanted(database, log);
    Robustness.row(
        SUBJECT,
        "secrets of every kind, in clear, percent-encoded, JSON, base64, hexadecimal and UTF-16",
        secrets.kinds().size(),
        "in no log at DEBUG, access log, database file, row, metric, thread name or answer");
    Robustness.row(
        SUBJECT,
        "ways in which WeChat failed and quoted what it was told",
        Mood.values().length - 1,
        "WeChat's words are kept without the secrets");
    Robustness.row(SUBJECT, "problems provoked with a secret in them", problems, "told without it");
  }

  /** A search that finds nothing proves nothing, unless it finds what is there. */
  private void findsWhatIsPlanted(List<Path> database, List<Path> log) {
    SecretSearch planted = new SecretSearch();
    planted.add("planted", PLANTED);
    byte[] bytes = PLANTED.getBytes(StandardCharsets.UTF_8);
    for (String text :
        List.of(
            PLANTED,
            base64(PLANTED),
            base64("x:" + PLANTED),
            base64("xy:" + PLANTED),
            base64("xyz:" + PLANTED),
            HexFormat.of().formatHex(bytes))) {
      assertThat(planted.in("before " + text + " behind")).as(text).isNotEmpty();
    }
    assertThat(log).anyMatch(file -> !planted.in(bytes(file)).isEmpty());
    assertThat(database).anyMatch(file -> !planted.in(bytes(file)).isEmpty());
    assertThat(planted.in(answers.toString())).isNotEmpty();
    assertThat(planted.in(bytes(directory.resolve("tables")))).isNotEmpty();
  }

  private void lookAtLines(Path log) {
    for (String line : new String(bytes(log), StandardCharsets.UTF_8).split("\n")) {
      String logger = line.replaceFirst("^(\\S+ +\\S+ +\\[[^]]*])?.*", "$1");
      look("log " + logger.replaceFirst("^\\S+ ", ""), line.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void look(String where, byte[] bytes) {
    Set<String> seen = secrets.in(bytes);
    if (!seen.isEmpty()) {
      found.computeIfAbsent(where, _ -> new TreeSet<>()).addAll(seen);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
