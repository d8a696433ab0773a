package io.yima.codes;

import static io.yima.codes.BatchOrdersTest.BATCH;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.ValidatableResponse;
import io.yima.database.WorkerDatabase;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.nio.charset.Charset;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches as spreadsheets write them. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class CsvOrdersTest {

  private static final String HEADER = "authorizer_appid,code_count,isv_application_id,label";
  private static final String BOM = "\uFEFF";

  @Inject WorkerDatabase database;

  private OrderScene scene;
  private String merchant;

  @BeforeEach
  void open() {
    scene = OrderScene.open();
    merchant = scene.merchant();
  }

  @Test
  void a_file_with_bom_crlf_and_quotes_is_read() {
    String file =
        BOM
            + HEADER
            + "\r\n"
            + merchant
            + ",10000,plain,\r\n"
            + merchant
            + ",20000,\"with, comma\",\"春茶 \"\"特级\"\"\"\r\n";

    csv(file)
        .statusCode(202)
        .body("items.outcome", contains("accepted", "accepted"))
        .body("items.isv_application_id", contains("plain", "with, comma"));

    scene.application(merchant, "plain").body("label", nullValue());
    scene
        .application(merchant, "with, comma")
        .body("code_count", equalTo(20_000))
        .body("label", equalTo("春茶 \"特级\""));
    OrderScene.syncDue();
    assertThat(scene.sandbox.applications(merchant)).hasSize(2);
  }

  @Test
  void columns_may_come_in_any_order_and_the_label_may_be_missing() {
    csv("isv_application_id,authorizer_appid,code_count\na," + merchant + ",10000").statusCode(202);

    scene.application(merchant, "a").body("code_count", equalTo(10_000));
  }

  @Test
  void blank_lines_are_passed_over_and_counted() {
    csv(HEADER + "\n\n" + merchant + ",10000,a,\n\n" + merchant + ",1,b,\n\n")
        .statusCode(422)
        .body("errors.field", contains("lines[5].code_count"));
  }

  @Test
  void errors_name_the_line_also_behind_one_that_goes_over_several() {
    csv(HEADER
            + "\n"
            + merchant
            + ",10000,a,\"two\nlines\"\n"
            + merchant
            + ",ten thousand,b,\n"
            + merchant
            + ",10000,c\n"
            + merchant
            + ",10000,d,ok,too much\n"
            + merchant
            + ",10000,,\n"
            + ",10000,e,\n"
            + merchant
            + ",10000,f,\n"
            + merchant
            + ",10000,f,\n")
        .statusCode(422)
        .body("code", equalTo("invalid"))
        .body(
            "errors.field",
            contains(
                "lines[2].label",
                "lines[4].code_count",
                "lines[5]",
                "lines[6]",
                "lines[7].isv_application_id",
                "lines[8].authorizer_appid",
                "lines[10].isv_application_id"))
        .body("errors[6].message", equalTo("is the same order as lines[9]"));

    nothingIsStored();
  }

  @Test
  void what_conflicts_with_what_is_stored_names_the_line() {
    csv(HEADER + "\n" + merchant + ",10000,a,\nwx0nobody,10000,a,\n")
        .statusCode(422)
        .body("errors.field", contains("lines[3].authorizer_appid"))
        .body("errors.code", contains("authorizer_not_found"));

    nothingIsStored();
  }

  static Stream<Arguments> spoiltFiles() {
    return Stream.of(
        Arguments.of("", 400, "body_required", null),
        Arguments.of(BOM, 400, "body_required", null),
        Arguments.of("\r\n \n", 400, "body_required", null),
        Arguments.of(HEADER, 422, "invalid", "lines"),
        Arguments.of(HEADER + "\n\n\n", 422, "invalid", "lines"),
        Arguments.of("wx0,10000,a,\n", 400, "unknown_field", "lines[1].wx0"),
        Arguments.of(
            HEADER.replace("count", "cuont") + "\nwx0,10000,a,\n",
            400,
            "unknown_field",
            "lines[1].code_cuont"),
        Arguments.of(
            HEADER.replace(",", ";"), 400, "unknown_field", "lines[1]." + HEADER.replace(",", ";")),
        Arguments.of(
            HEADER.replace(",", "\t"),
            400,
            "unknown_field",
            "lines[1]." + HEADER.replace(",", "\t")),
        Arguments.of(
            HEADER.toUpperCase(Locale.ROOT), 400, "unknown_field", "lines[1].AUTHORIZER_APPID"),
        Arguments.of(HEADER + ",label", 400, "duplicate_field", "lines[1].label"),
        Arguments.of(
            "authorizer_appid,code_count\nwx0,1", 422, "invalid", "lines[1].isv_application_id"),
        Arguments.of(HEADER + "\nwx0,10000,\"a,\nwx0,10000,b,\n", 400, "invalid_csv", "lines[2]"),
        Arguments.of(
            HEADER + "\nwx0,10000,a,\nwx0,10000,\"b\"x,\n", 400, "invalid_csv", "lines[3]"),
        Arguments.of("x".repeat(1_000_000), 400, "unknown_field", "lines[1]." + "x".repeat(100)));
  }

  @ParameterizedTest
  @MethodSource("spoiltFiles")
  void a_spoilt_file_is_a_clear_problem(String file, int status, String code, String field) {
    ValidatableResponse answer = csv(file).statusCode(status).body("code", equalTo(code));
    if (field != null) {
      answer.body("errors.field", contains(field));
    }

    nothingIsStored();
  }

  @Test
  void other_encodings_are_not_guessed() {
    String file = HEADER + "\n" + merchant + ",10000,批次,春茶\n";
    for (Charset charset :
        List.of(Charset.forName("GBK"), UTF_16, UTF_16LE, Charset.forName("Big5"))) {
      bytes(file.getBytes(charset), "text/csv").statusCode(400);
    }
    bytes(file.getBytes(Charset.forName("GBK")), "text/csv")
        .body("code", equalTo("invalid_csv"))
        .body("detail", containsString("UTF-8"));
    bytes(file.getBytes(Charset.forName("GBK")), "text/csv;charset=gbk").statusCode(415);
    bytes(new byte[] {0, 0, 0}, "text/csv").statusCode(400);

    nothingIsStored();
    bytes(file.getBytes(UTF_8), "text/csv;charset=UTF-8").statusCode(202);
  }

  @Test
  void a_file_has_1_to_1000_orders() {
    csv(lines(1_001)).statusCode(422).body("errors.field", contains("lines"));
    nothingIsStored();

    csv(lines(1_000)).statusCode(202).body("items", hasSize(1_000));
    nothingIsDue();
  }

  private String lines(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> merchant + ",10000,order-" + i + ",批次")
        .collect(Collectors.joining("\r\n", HEADER + "\r\n", "\r\n"));
  }

  @Test
  void a_file_is_ordered_once_for_one_idempotency_key() {
    for (String replayed : new String[] {null, "true"}) {
      scene
          .asProvider()
          .config(plainCsv())
          .contentType("text/csv")
          .header("Idempotency-Key", "file-1")
          .body((HEADER + "\n" + merchant + ",10000,a,\n").getBytes(UTF_8))
          .post(BATCH)
          .then()
          .statusCode(202)
          .header("Idempotency-Replayed", equalTo(replayed))
          .body("items.outcome", everyItem(equalTo("accepted")));
    }
  }

  @Test
  void files_spoilt_at_random_are_read_or_refused_and_never_half_stored() {
    long seed = Long.getLong("csv.seed", 20261125L);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int files = 300;
    for (int i = 0; i < files; i++) {
      byte[] file =
          (HEADER + "\r\nwx0nobody,10000,a\"b,\"l\"\"\"\r\nwx0nobody,20000,c,d\r\n")
              .getBytes(UTF_8);
      for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
        byte[] odd = {'"', ',', '\n', '\r', 0, (byte) 0xff, (byte) 0xef, 'x', ';', ' '};
        file[random.nextInt(file.length)] = odd[random.nextInt(odd.length)];
      }

      bytes(file, "text/csv").statusCode(lessThan(500)).statusCode(oneOf(400, 422));
    }
    nothingIsStored();
    Robustness.row(
        "Orders", "CSV spoilt at random, seed 20261125", files, "400 or 422, nothing stored");
  }

  /** A thousand applications would be sent by every test that comes later. */
  private void nothingIsDue() {
    database.transaction(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "update code_application set next_sync_at = null where authorizer_appid = ?"
                      + " and provider_id in (select id from provider where component_appid = ?)")) {
            update.setString(1, merchant);
            update.setString(2, scene.app.appid());
            return update.executeUpdate();
          }
        });
  }

  private ValidatableResponse csv(String file) {
    return bytes(file.getBytes(UTF_8), "text/csv");
  }

  private ValidatableResponse bytes(byte[] file, String contentType) {
    return scene
        .asProvider()
        .config(plainCsv())
        .contentType(contentType)
        .body(file)
        .post(BATCH)
        .then();
  }

  /** REST Assured adds no charset of its own. */
  private static RestAssuredConfig plainCsv() {
    return RestAssuredConfig.config()
        .encoderConfig(
            EncoderConfig.encoderConfig()
                .appendDefaultContentCharsetToContentTypeIfUndefined(false));
  }

  private void nothingIsStored() {
    scene.get("/api/v1/code-applications").statusCode(200).body("items", hasSize(0));
  }
}
