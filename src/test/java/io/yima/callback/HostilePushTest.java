package io.yima.callback;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.database.WorkerDatabase;
import io.yima.provider.RegisteredProviders;
import io.yima.tenancy.ProviderEntry;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pushes from somebody who means harm, or from a WeChat that is not itself. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class HostilePushTest {

  private static final String SUBJECT = "Callbacks";
  private static final String MERCHANT = "wx2222222222222222";
  private static final String REFUSED = "403 refused";
  private static final String TAKEN = "200 success";
  private static final String TOO_LARGE = "413 too large";
  private static final int MAX_BODY = 64 * 1024;

  @Inject RegisteredProviders providers;
  @Inject ConnectedProviders connected;
  @Inject InboxPurge purge;
  @Inject WorkerDatabase database;
  @Inject SettableClock clock;

  @ConfigProperty(name = "yima.public-url")
  String publicUrl;

  private final ComponentApp app = ComponentApp.unheardOf();
  private final Forge forge = new Forge(app);
  private ProviderEntry provider;
  private long tried;

  @BeforeEach
  void register() {
    Sandbox.ofThisTest().clearFaults();
    provider = providers.register(app);
  }

  // ---- Who signed it

  @Test
  void what_the_token_did_not_sign_is_refused() {
    Push push = forge.push(ticket(100));
    String good = push.msgSignature();

    for (String bad :
        List.of(
            "",
            "0".repeat(40),
            good.substring(1),
            good.substring(0, 39),
            good + "0",
            good + " ",
            good.toUpperCase(Locale.ROOT),
            good.replace(good.charAt(0), good.charAt(0) == '0' ? '1' : '0'),
            "é".repeat(40),
            new Forge(ComponentApp.unheardOf()).push(ticket(100)).msgSignature(),
            forge.signatureWithoutBody())) {
      refused(push.signed(bad));
    }
    String others = "timestamp=" + push.timestamp() + "&nonce=" + push.nonce();
    refusedWith("signature=" + forge.signatureWithoutBody() + "&" + others, push);
    refusedWith(others, push);
    refusedWith("msg_signature=" + good, push);
    refusedWith("", push);
    refusedWith(push.query().replace("timestamp=17", "timestamp=18"), push);
    refusedWith(push.query().replace("nonce=47", "nonce=74"), push);
    refusedWith("msg_signature=" + "0".repeat(40) + "&" + push.query(), push);
    row("bad `msg_signature`, or only `signature` right", "403, nothing stored");
  }

  @Test
  void a_ciphertext_that_is_cut_or_has_a_bit_flipped_is_refused() {
    Push push = forge.push(ticket(100));
    String encrypt = encryptOf(ticket(100));
    byte[] cipherText = Base64.getDecoder().decode(encrypt);

    for (int length = 0; length < encrypt.length(); length += 3) {
      refused(withBody(push, forge.envelope(encrypt.substring(0, length))));
    }
    for (int bit = 0; bit < cipherText.length * 8; bit += 7) {
      byte[] flipped = cipherText.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      refused(withBody(push, forge.envelope(Base64.getEncoder().encodeToString(flipped))));
    }
    row("truncated or bit-flipped ciphertext", "403, nothing stored");
  }

  @Test
  void a_ciphertext_that_is_cut_and_signed_again_is_refused() {
    String encrypt = encryptOf(ticket(100));

    // Without the signs at its end, base64 still says the same.
    for (int length = 1; length < encrypt.replace("=", "").length(); length++) {
      refused(forge.signed(encrypt.substring(0, length)));
    }
    refused(forge.signed(encrypt.replace('+', '-').replace('/', '_') + "-"));
    refused(forge.signed(encrypt.substring(0, 8) + "\n" + encrypt.substring(8)));
    row("truncated ciphertext, rightly signed", "403, nothing stored");
  }

  @Test
  void a_message_with_another_appid_behind_it_is_refused() {
    byte[] message = bytes(ticket(100));

    for (String owner :
        List.of(
            "",
            "wx0000000000000000",
            app.appid() + " ",
            " " + app.appid(),
            app.appid() + "\0",
            app.appid() + app.appid(),
            app.appid().substring(1),
            app.appid().toUpperCase(Locale.ROOT),
            "码".repeat(100))) {
      refused(sealed(Forge.padded(forge.plain(message, message.length, owner))));
    }
    row("foreign trailing appid, rightly signed", "403, nothing stored");
  }

  @Test
  void an_event_that_names_another_platform_is_refused_and_one_nobody_acts_on_is_ignored() {
    for (String kind :
        List.of("component_verify_ticket", "authorized", "updateauthorized", "unauthorized")) {
      Push foreign =
          forge.push(ticket(100).replace(app.appid(), "wx1").replace(PushKind.TICKET, kind));
      assertThat(events().push(foreign)).isEqualTo(REFUSED);
      tried++;
    }
    assertThat(rows()).isEmpty();
    row("event whose inner `AppId` is another platform's", "403, nothing stored");

    String unknown = Push.event(app, "notify_new", 1, "").replace(app.appid(), "wx1");
    assertThat(events().push(forge.push(unknown))).isEqualTo(TAKEN);
    // Nobody signs the envelope, so what it says of the platform decides nothing.
    Push elsewhere = forge.push(ticket(100));
    assertThat(
            events().push(withBody(elsewhere, elsewhere.body().replaceFirst(app.appid(), "wx1"))))
        .isEqualTo(TAKEN);
    connected.handlePushes();
    assertThat(rows()).containsExactly("notify_new ignored", "component_verify_ticket kept");
  }

  @Test
  void pads_of_1_to_32_open_and_others_do_not() {
    byte[] plain = forge.plain(bytes(ticket(100)));
    for (int value : new int[] {0, 33, 64, 127, 128, 255}) {
      refused(sealed(Forge.padded(plain, value)));
    }
    byte[] disagreeing = Forge.padded(forge.plain(bytes(ticket(100) + "..")));
    disagreeing[disagreeing.length - 2]++;
    refused(sealed(disagreeing));
    refused(sealed(new byte[32]));
    byte[] onlyPad = new byte[32];
    Arrays.fill(onlyPad, (byte) 32);
    refused(sealed(onlyPad));
    row("pad of 0, 33 or more, or that disagrees with itself", "403, nothing stored");

    for (int blanks = 0; blanks < 32; blanks++) {
      taken(forge.push(ticket(100) + " ".repeat(blanks)));
    }
    row("pads of 1 to 32", "200, stored once at each address");
    assertThat(rows()).hasSize(64);
  }

  @Test
  void a_length_beyond_the_end_is_refused() {
    byte[] message = bytes(ticket(100));
    int behind = app.appid().length();
    for (int length :
        new int[] {
          -1,
          Integer.MIN_VALUE,
          Integer.MAX_VALUE,
          0,
          1,
          message.length - 1,
          message.length + 1,
          message.length + behind,
          message.length + behind + 1
        }) {
      refused(sealed(Forge.padded(forge.plain(message, length, app.appid()))));
    }
    refused(sealed(Forge.padded(new byte[0])));
    refused(sealed(Forge.padded(new byte[17])));
    row("length field beyond the end, negative or too short", "403, nothing stored");
  }

  // ---- Bodies

  @Test
  void what_is_no_envelope_is_refused() {
    String bomb =
        "<!DOCTYPE xml [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">"
            + "<!ENTITY c \"&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;\">]>";
    Push push = forge.push(ticket(100));
    String inner = push.body().substring("<xml>".length());

    for (String body :
        List.of(
            "",
            " ",
            "\uFEFF",
            "\0",
            "hello",
            "{\"AppId\":\"a\",\"Encrypt\":\"b\"}",
            "<xml/>",
            "<xml></xml>",
            "<xml><Encrypt/></xml>",
            "<xml><Encrypt> </Encrypt></xml>",
            "<xml><Encrypt>&#0;</Encrypt></xml>",
            "<xml><Encrypt>&#xD800;</Encrypt></xml>",
            "<xml><a>" + push.body() + "</a></xml>",
            push.body().substring(0, push.body().length() - 3),
            push.body() + "<xml/>",
            push.body() + "x",
            "x" + push.body(),
            "<?xml version='1.0'?><?xml version='1.0'?>" + push.body(),
            "<!DOCTYPE xml>" + push.body(),
            "<!DOCTYPE xml SYSTEM \"" + publicUrl + "/q/health\">" + push.body(),
            "<!DOCTYPE xml [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><xml><a>&x;</a>" + inner,
            "<!DOCTYPE xml [<!ENTITY % x SYSTEM \"" + publicUrl + "\"> %x;]>" + push.body(),
            bomb + "<xml><a>&d;</a>" + inner,
            "<xml><a>&undeclared;</a>" + inner,
            "<xml a='&undeclared;'>" + inner,
            "<a>".repeat(17) + "</a>".repeat(17),
            "<a>".repeat(9_000) + "</a>".repeat(9_000),
            "<a>".repeat(21_000))) {
      refused(withBody(push, body));
    }
    row("empty body, text, XML cut short, DTD, entities, nested bombs", "403, nothing stored");
  }

  @Test
  void odd_xml_is_read_or_refused_and_never_breaks_anything() {
    Push push = forge.push(ticket(100));
    String inner = push.body().substring("<xml>".length());
    String attributes =
        IntStream.range(0, 9_000).mapToObj(i -> " a" + i + "=''").reduce("", String::concat);

    for (String body :
        List.of(
            "<xml" + attributes.substring(0, Math.min(60_000, attributes.length())) + "'>" + inner,
            "<xml" + " a=''".repeat(12_000) + ">" + inner,
            "<xml a='1' a='2'>" + inner,
            "<xml a='" + "x".repeat(60_000) + "'>" + inner,
            "<xml " + "x".repeat(60_000) + "=''>" + inner,
            "<" + "x".repeat(60_000) + "/>",
            "<?" + "x".repeat(60_000) + "?><xml>" + inner,
            "<xml><!--" + "-".repeat(60_000) + "--></xml>",
            "<p:xml>" + inner,
            "<xml:xml/>",
            "<:/>",
            "<xml xmlns=''>" + inner)) {
      assertThat(events().push(withBody(push, body))).isIn(REFUSED, TAKEN);
      tried++;
    }
    assertThat(rows()).hasSizeLessThan(2);
    row("60,000 characters of attributes, names, comments", "403, or 200 where it can be read");
  }

  @Test
  void xml_that_means_the_same_is_taken() {
    Push push = forge.push(ticket(100));
    String encrypt = encryptOf(ticket(100));
    int half = encrypt.length() / 2;
    String split = encrypt.substring(0, half) + "]]><![CDATA[" + encrypt.substring(half);
    String inner = push.body().substring("<xml>".length());

    for (String body :
        List.of(
            "\uFEFF" + push.body(),
            "<?xml version='1.0' encoding='UTF-8'?>\n" + push.body(),
            "<?xml version='1.0' encoding='GBK'?>" + push.body(),
            "<?xml version='1.1'?>" + push.body(),
            "<!-- a --><?b c?>" + push.body() + "\n<!-- d --><?e?>",
            forge.envelope(split),
            forge.envelope("\n  " + encrypt + "\r\n "),
            push.body().replace("<Encrypt><![CDATA[", "<Encrypt><!-- a --><?b?><![CDATA["),
            "<xml xmlns='urn:a' xmlns:b='urn:b' b:c='d'>" + inner,
            "<xml><e>" + "&lt;".repeat(5_000) + "</e>" + inner,
            "<a>" + push.body().substring(5, push.body().length() - 6) + "</a>")) {
      taken(withBody(push, body));
    }
    byte[] notUtf8 =
        push.body().replace("</xml>", "<x>?</x></xml>").getBytes(StandardCharsets.UTF_8);
    notUtf8[new String(notUtf8, StandardCharsets.ISO_8859_1).indexOf('?')] = (byte) 0xC3;
    for (Door door : doors()) {
      assertThat(door.send(push.query(), notUtf8)).isEqualTo(TAKEN);
      tried++;
    }
    row("BOM, declarations, comments, split CDATA, namespaces", "200, stored once at each address");
    assertThat(rows()).hasSize(2);
  }

  @Test
  void other_encodings_are_refused() throws IOException {
    Push push = forge.push(ticket(100));

    for (Door door : doors()) {
      for (byte[] body :
          List.of(
              push.body().getBytes(StandardCharsets.UTF_16),
              push.body().getBytes(StandardCharsets.UTF_16LE),
              push.body().getBytes(Charset.forName("UTF-32")),
              new byte[MAX_BODY],
              random(MAX_BODY))) {
        assertThat(door.send(push.query(), body)).isEqualTo(REFUSED);
        tried++;
      }
      byte[] zipped = gzip(bytes(push.body()));
      assertThat(door.send(push.query(), zipped, "Content-Encoding", "gzip")).isEqualTo(REFUSED);
      byte[] zipBomb = gzip(new byte[50 << 20]);
      assertThat(door.send(push.query(), zipBomb, "Content-Encoding", "gzip")).isEqualTo(REFUSED);
      tried += 2;
    }
    assertThat(rows()).isEmpty();
    row("UTF-16, UTF-32, random bytes, gzip, a zip bomb", "403, nothing stored");
  }

  @Test
  void any_content_type_will_do_that_is_one() {
    Push push = forge.push(ticket(100));
    byte[] body = bytes(push.body());
    for (Door door : doors()) {
      for (String type :
          List.of(
              "application/json",
              "text/plain",
              "application/x-www-form-urlencoded",
              "multipart/form-data",
              "text/xml; charset=utf-16",
              "text/xml; charset=\"no such\"",
              "image/*",
              "a/b; c")) {
        assertThat(door.send(push.query(), body, "Content-Type", type)).as(type).isEqualTo(TAKEN);
        tried++;
      }
      assertThat(door.send(push.query(), body, "X-Without", "Content-Type")).isEqualTo(TAKEN);
      tried++;
      assertThat(door.send(push.query(), body, "Content-Type", "nonsense")).startsWith("415 ");
    }
    row("wrong `Content-Type`, or none", "200, stored once at each address");
    assertThat(rows()).hasSize(2);
  }

  @Test
  void bodies_over_64_kib_are_too_large_announced_or_not() {
    Push push = forge.push(ticket(100));
    byte[] body = bytes(push.body());

    for (Door door : doors()) {
      for (int size : new int[] {MAX_BODY + 1, 100_000, 1 << 20}) {
        byte[] longer = blanksBehind(body, size);
        assertThat(door.send(push.query(), longer)).isEqualTo(TOO_LARGE);
        assertThat(door.chunked(push.query(), longer)).isEqualTo(TOO_LARGE);
        tried += 2;
      }
    }
    assertThat(rows()).isEmpty();
    row("64 KiB + 1 and more, announced or chunked", "413, nothing stored");
    for (Door door : doors()) {
      assertThat(door.send(push.query(), blanksBehind(body, MAX_BODY))).isEqualTo(TAKEN);
      assertThat(door.chunked(push.query(), blanksBehind(body, MAX_BODY))).isEqualTo(TAKEN);
    }
  }

  @Test
  void a_body_over_the_servers_own_limit_is_too_large_too() {
    Push push = forge.push(ticket(100));
    byte[] huge = blanksBehind(bytes(push.body()), 3 << 20);

    for (Door door : doors()) {
      assertThat(door.send(push.query(), huge)).startsWith("413 ");
      assertThat(door.chunked(push.query(), huge)).startsWith("413 ");
    }
    assertThat(rows()).isEmpty();
  }

  @Test
  void a_body_that_breaks_off_is_not_stored() throws IOException {
    Push push = forge.push(ticket(100));
    int announced = push.body().length() + 1;
    for (Door door : doors()) {
      try (Socket socket = new Socket("localhost", URI.create(publicUrl).getPort())) {
        OutputStream out = socket.getOutputStream();
        out.write(
            bytes(
                "POST %s?%s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(door.address().getPath(), push.query(), announced, push.body())));
        out.flush();
      }
    }
    assertThat(events().push(push)).isEqualTo(TAKEN);
    assertThat(rows()).hasSize(1);
  }

  // ---- Parameters

  @Test
  void odd_parameters_sign_as_well_as_others() {
    String encrypt = encryptOf(ticket(100));
    for (String odd :
        List.of("", "abc", "-1", "9".repeat(100), "1700000000.5", "码", "a b+c&d=e", "\0", "%")) {
      taken(forge.signed(encrypt, odd, "4711"));
      taken(forge.signed(encrypt, "1700000000", odd));
    }
    Push push = forge.push(ticket(100));
    for (Door door : doors()) {
      String repeated = push.query() + "&msg_signature=x&timestamp=y&nonce=z&encrypt_type=raw";
      assertThat(door.send(repeated, bytes(push.body()))).isEqualTo(TAKEN);
      String others = IntStream.range(0, 400).mapToObj(i -> "&p=" + i).reduce("", String::concat);
      assertThat(door.send(push.query() + others, bytes(push.body()))).isEqualTo(TAKEN);
      tried += 2;
    }
    row(
        "`timestamp` or `nonce` no number, repeated parameters",
        "200, stored once at each address");
    assertThat(rows()).hasSize(2);
  }

  @Test
  void a_request_that_cannot_be_read_is_refused() throws IOException {
    Push push = forge.push(ticket(100));
    for (Door door : doors()) {
      String path = door.address().getPath();
      for (String target :
          List.of(
              path + "?" + push.query() + "&x=" + "y".repeat(9_000),
              path + "?" + push.query() + "&x=%zz",
              path + "?msg_signature=%zz&timestamp=%&nonce=%c3%28",
              path + "?" + "&".repeat(1_000) + "=" + "&=".repeat(500),
              path + "/%zz?" + push.query(),
              path + "%00?" + push.query(),
              path + "/..%2f..%2f?" + push.query())) {
        String answer = raw(target, push);
        assertThat(answer).as(target).matches("HTTP/1.[01] (400|403|404|414) .*");
        tried++;
      }
    }
    assertThat(rows()).isEmpty();
    row("broken escapes, endless queries", "400, 403, 404 or 414, nothing stored");
  }

  // ---- Addresses

  @Test
  void platforms_and_merchants_that_cannot_be_are_told_so() {
    Push push = forge.push(ticket(100));
    for (String component :
        List.of(
            "wx1111111111111111", "no%20appid", "%00", "..%2f", "x".repeat(3_000), "%E7%A0%81")) {
      for (String door : List.of("/events", "/messages/" + MERCHANT)) {
        assertThat(door("/wechat/" + component + door).push(push)).startsWith("404 ");
        tried++;
      }
    }
    row("unknown component", "404, nothing stored");
    for (String merchant : List.of("a%20b", "%00", "x".repeat(65), "%E7%A0%81", "'%3B--")) {
      assertThat(door("/wechat/" + app.appid() + "/messages/" + merchant).push(push))
          .isEqualTo(REFUSED);
      tried++;
    }
    assertThat(rows()).isEmpty();
    row("merchant in the address that cannot be one", "403, nothing stored");
  }

  @Test
  void a_push_for_an_archived_provider_is_answered_and_does_nothing() {
    providers.archive(app);

    taken(forge.push(ticket(100)));
    refused(forge.push(ticket(200)).signed("0".repeat(40)), 2);

    connected.handlePushes();
    assertThat(rows())
        .containsExactlyInAnyOrder("component_verify_ticket archived", "message archived");
    tried = 2;
    row("archived provider", "200, stored, nothing done");
  }

  // ---- What was rightly signed

  @Test
  void inner_texts_of_every_oddity_are_stored_answered_and_ignored() {
    List<String> odd =
        List.of(
            "",
            " ",
            "no xml",
            "{}",
            "\0",
            "\uFFFF",
            "a\0b",
            "<xml>\0</xml>",
            "<xml>&#0;</xml>",
            "<xml>&#xD800;</xml>",
            "<xml>&#x1;</xml>",
            "<xml>",
            "<!DOCTYPE xml><xml><InfoType>unauthorized</InfoType></xml>",
            "<!DOCTYPE xml [<!ENTITY a 'b'>]><xml><InfoType>&a;</InfoType></xml>",
            "<xml><InfoType>&a;</InfoType></xml>",
            "<xml" + " a='1'".repeat(5_000) + "/>",
            "<a>".repeat(5_000) + "</a>".repeat(5_000),
            "<xml><InfoType/></xml>",
            "<xml><a><InfoType>unauthorized</InfoType></a></xml>",
            "<xml><b>" + "x".repeat(45_000) + "</b></xml>");
    odd.forEach(xml -> taken(forge.push(xml)));

    connected.handlePushes();
    assertThat(rows()).isNotEmpty().allMatch(it -> it.endsWith(" ignored") || it.endsWith("to_do"));
    row("inner text that is no XML, has a DTD, a bomb, U+0000", "200, stored, ignored");
  }

  @Test
  void kinds_of_every_oddity_are_stored_answered_and_ignored() {
    List<String> kinds =
        List.of(
            "notify_new",
            "AUTHORIZED",
            "authorized.",
            "authorized\u200b",
            "x".repeat(45_000),
            "码".repeat(10_000),
            "a" + "\uD83D\uDE00".repeat(100),
            "line\nbreak",
            "message",
            "unreadable",
            "'; drop table callback_inbox; --");
    kinds.forEach(kind -> taken(forge.push(Push.event(app, kind, 100, ""))));

    connected.handlePushes();
    assertThat(rows())
        .allMatch(it -> it.endsWith(" ignored") || it.endsWith(" nothing_to_do"))
        .noneMatch(it -> it.contains("\n") || it.contains("\uFFFD"))
        .contains("a" + "\uD83D\uDE00".repeat(99) + " ignored");
    row("unknown kinds, of up to 45,000 characters", "200, stored, ignored");
  }

  @Test
  void messages_of_every_type_are_stored_answered_and_have_no_effect() {
    List<String> types =
        List.of(
            "text", "image", "voice", "video", "shortvideo", "location", "link", "event", "new");
    List<String> events =
        List.of("subscribe", "SCAN", "CLICK", "weapp_audit_success", "unauthorized", "new");
    for (String type : types) {
      for (String event : events) {
        String xml =
            "<xml><ToUserName>gh_1</ToUserName><CreateTime>1</CreateTime><MsgType>%s</MsgType>"
                    .formatted(type)
                + "<Event>%s</Event><InfoType>%s</InfoType></xml>".formatted(event, event);
        assertThat(door("/wechat/" + app.appid() + "/messages/" + MERCHANT).push(forge.push(xml)))
            .isEqualTo(TAKEN);
        tried++;
      }
    }
    connected.handlePushes();
    assertThat(rows()).hasSize(54).allMatch("message nothing_to_do"::equals);
    row("message pushes of every type and event", "200, stored, nothing done");
  }

  @Test
  void times_and_merchants_of_every_oddity_do_no_harm() {
    List<String> times =
        List.of(
            "",
            "-1",
            "-9223372036854775808",
            "9223372036854775807",
            "9223372036854775808",
            "99999999999999999999999999",
            "1700000000000",
            "soon",
            "1e9",
            "0x10",
            "１７００００００００");
    for (String time : times) {
      String xml = ticket(100).replace(">100<", ">" + time + "<");
      taken(forge.push(xml));
    }
    for (String merchant :
        List.of("", " ", "no appid", "x".repeat(65), "码", "x".repeat(40_000), "a\nb", "'; --")) {
      for (String kind : List.of("unauthorized", "authorized", "updateauthorized")) {
        taken(
            forge.push(
                Push.event(app, kind, 100, "<AuthorizerAppid>" + merchant + "</AuthorizerAppid>")));
      }
    }
    connected.handlePushes();
    assertThat(rows()).noneMatch(it -> it.endsWith(" null"));
    assertThat(number("select max(create_time) from callback_inbox where provider_id = ?"))
        .isLessThanOrEqualTo(clock.instant().getEpochSecond() + 86_400);
    row("`CreateTime` or `AuthorizerAppid` missing or odd", "200, stored, dealt with");
  }

  @Test
  void a_time_far_ahead_does_not_make_later_tickets_late() {
    events().push(forge.push(ticket(100).replace(">100<", ">9223372036854775807<")));
    connected.handlePushes();
    clock.advance(Duration.ofMinutes(10));
    events().push(forge.push(ticket(clock.instant().getEpochSecond())));
    connected.handlePushes();

    assertThat(number("select verify_ticket_create_time from component where provider_id = ?"))
        .isEqualTo(clock.instant().getEpochSecond());
    clock.advance(Duration.ofMinutes(-10));
  }

  // ---- Repeated, late, at once

  @Test
  void a_push_that_comes_again_is_handled_once_also_when_it_is_encrypted_anew() {
    byte[] plain = forge.plain(bytes(ticket(100)));
    for (int turn = 0; turn < 20; turn++) {
      taken(sealed(Forge.padded(plain)));
      plain[turn % 16]++;
      taken(forge.signed(encryptOf(ticket(100)), "17000000" + (10 + turn), "nonce" + turn));
      if (turn == 10) {
        connected.handlePushes();
      }
    }
    connected.handlePushes();
    assertThat(rows())
        .containsExactlyInAnyOrder("component_verify_ticket kept", "message nothing_to_do");
    row("duplicates, the same and encrypted anew", "200, stored once at each address");
  }

  @Test
  void a_push_that_comes_many_times_at_once_is_stored_once() {
    Push push = forge.push(ticket(100));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<String>> answers =
          IntStream.range(0, 64)
              .mapToObj(_ -> CompletableFuture.supplyAsync(() -> events().push(push), threads))
              .toList();
      assertThat(answers).allMatch(answer -> answer.join().equals(TAKEN));
    }
    assertThat(rows()).hasSize(1);
    tried = 64;
    row("one push, many times at once", "200, stored once");
  }

  @Test
  void an_event_that_somebody_sent_on_to_the_address_of_messages_is_still_handled() {
    Push push = forge.push(ticket(100));

    assertThat(door("/wechat/" + app.appid() + "/messages/" + MERCHANT).push(push))
        .isEqualTo(TAKEN);
    assertThat(door("/wechat/" + app.appid() + "/messages/wx3333333333333333").push(push))
        .isEqualTo(TAKEN);
    assertThat(events().push(push)).isEqualTo(TAKEN);

    connected.handlePushes();
    assertThat(rows())
        .containsExactlyInAnyOrder("message nothing_to_do", "component_verify_ticket kept");
  }

  @Test
  void tickets_in_stale_order_leave_the_newest() {
    for (long time : List.of(300L, 100L, 500L, 200L, 400L)) {
      events().push(forge.push(ticket(time)));
      connected.handlePushes();
      tried++;
    }
    assertThat(number("select verify_ticket_create_time from component where provider_id = ?"))
        .isEqualTo(500);
    row("tickets in stale order", "200, the newest is kept");
  }

  @Test
  void a_late_withdrawal_does_not_wipe_a_newer_authorization() {
    String merchant = authorizedMerchant();
    long now = clock.instant().getEpochSecond();

    for (long age : List.of(61L, 3_600L, 86_400L, now)) {
      assertThat(events().push(withdrawal(merchant, now - age))).isEqualTo(TAKEN);
      connected.handlePushes();
      assertThat(status(merchant)).isEqualTo("ACTIVE");
      tried++;
    }
    row("`unauthorized` older than the authorization", "200, merchant stays active");
  }

  @Test
  void of_two_events_in_one_second_wechat_says_which_holds() {
    String merchant = authorizedMerchant();
    long second = number("select max(create_time) from callback_inbox where provider_id = ?");

    assertThat(events().push(withdrawal(merchant, second))).isEqualTo(TAKEN);
    connected.handlePushes();
    assertThat(status(merchant)).isEqualTo("ACTIVE");

    Sandbox.ofThisTest().unauthorize(app.appid(), merchant, false);
    Push again = forge.push(withdrawalXml(merchant, second) + " ");
    assertThat(events().push(again)).isEqualTo(TAKEN);
    connected.handlePushes();
    assertThat(status(merchant)).isEqualTo("REVOKED");
    tried = 2;
    row("two events in one second", "200, WeChat is asked which holds");
  }

  @Test
  void a_push_that_can_never_be_handled_is_given_up() {
    connected.introduce(app);
    run("update component set access_token = null, access_token_expires_at = null");
    run("update component set component_appsecret = component_appsecret || '\\x00'");
    String code = "<AuthorizationCode>code</AuthorizationCode>";
    events().push(forge.push(Push.event(app, "authorized", 100, code)));
    connected.handlePushes();
    assertThat(rows()).contains("authorized null");

    clock.advance(Duration.ofDays(2));
    connected.handlePushes();

    assertThat(rows()).noneMatch(it -> it.endsWith(" null"));
    clock.advance(Duration.ofDays(-2));
    run(
        "update component set component_appsecret = substring(component_appsecret from 1 for"
            + " length(component_appsecret) - 1)");
  }

  // ---- At random

  /**
   * A million of them with {@code ./mvnw test -Pfuzz}, the same ones again with {@code
   * -Dfuzz.seed=}.
   */
  @Test
  void mutated_pushes_are_answered_and_only_signed_ones_are_stored() throws Exception {
    connected.introduce(app);
    // A million take longer than the ten minutes after which the sandbox pushes a ticket of its
    // own.
    Sandbox.ofThisTest().stopTickets(app.appid());
    forgetHandled();
    int times = Integer.getInteger("fuzz.pushes", 20_000);
    long seed = Long.getLong("fuzz.seed", System.nanoTime());
    PushFuzz fuzz = new PushFuzz(forge, this::door, seed);
    int window = Math.min(5_000, times / 4);
    long heapEarly = 0;

    for (int from = 0; from < times; from += window) {
      if (from == times / 4) {
        heapEarly = usedHeap();
      }
      Set<String> taken = fuzz.run(from, from + window);
      Set<String> stored = stored();
      assertThat(without(stored, taken)).as("stored, not signed; seed %d", seed).isEmpty();
      assertThat(without(taken, stored)).as("taken, not stored; seed %d", seed).isEmpty();
      connected.handlePushes();
      clock.advance(Duration.ofDays(2));
      connected.handlePushes();
      clock.advance(Duration.ofDays(-2));
      assertThat(rows()).as("seed %d", seed).noneMatch(it -> it.endsWith(" null"));
      forgetHandled();
      assertThat(rows()).as("seed %d", seed).isEmpty();
    }

    long heapLate = usedHeap();
    System.out.printf(
        "%,d mutated pushes (seed %d): answered %s; heap %,d KiB after a quarter, %,d KiB at the"
            + " end%n",
        times, seed, fuzz.answers(), heapEarly / 1024, heapLate / 1024);
    assertThat(heapLate - heapEarly).as("seed %d", seed).isLessThan(16L << 20);
    if (times == 20_000) {
      tried = times;
      row(
          "seeded mutations of envelope, query, ciphertext and inner XML",
          "200, 403 or 404, all signed ones and no others stored, memory flat");
    }
  }

  // ---- Help

  private void forgetHandled() {
    clock.advance(Duration.ofDays(31));
    purge.purge();
    clock.advance(Duration.ofDays(-31));
  }

  private static Set<String> without(Set<String> all, Set<String> others) {
    Set<String> rest = new HashSet<>(all);
    rest.removeAll(others);
    return rest;
  }

  private static long usedHeap() {
    for (int turn = 0; turn < 3; turn++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private void row(String what, String outcome) {
    Robustness.row(SUBJECT, what, tried, outcome);
    tried = 0;
  }

  private void refused(Push push) {
    refused(push, 0);
  }

  private void refused(Push push, int rowsBefore) {
    for (Door door : doors()) {
      assertThat(door.push(push)).as(push.toString()).isEqualTo(REFUSED);
      tried++;
    }
    assertThat(rows()).as(push.toString()).hasSize(rowsBefore);
  }

  private void refusedWith(String query, Push push) {
    for (Door door : doors()) {
      assertThat(door.send(query, bytes(push.body()))).as(query).isEqualTo(REFUSED);
      tried++;
    }
    assertThat(rows()).as(query).isEmpty();
  }

  private void taken(Push push) {
    for (Door door : doors()) {
      assertThat(door.push(push)).as(push.toString()).isEqualTo(TAKEN);
      tried++;
    }
  }

  private List<Door> doors() {
    return List.of(events(), door("/wechat/" + app.appid() + "/messages/" + MERCHANT));
  }

  private Door events() {
    return door("/wechat/" + app.appid() + "/events");
  }

  private Door door(String path) {
    return new Door(URI.create(publicUrl + path));
  }

  private String ticket(long createTime) {
    return Push.event(
        app,
        "component_verify_ticket",
        createTime,
        "<ComponentVerifyTicket>ticket@@@t</ComponentVerifyTicket>");
  }

  private String withdrawalXml(String merchant, long createTime) {
    return Push.event(
        app, "unauthorized", createTime, "<AuthorizerAppid>" + merchant + "</AuthorizerAppid>");
  }

  private Push withdrawal(String merchant, long createTime) {
    return forge.push(withdrawalXml(merchant, createTime));
  }

  private String authorizedMerchant() {
    connected.introduce(app);
    String merchant = Sandbox.ofThisTest().serviceAccount("商户");
    Sandbox.ofThisTest().authorize(app.appid(), merchant, List.of(1, 46));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              connected.handlePushes();
              return "ACTIVE".equals(status(merchant));
            });
    return merchant;
  }

  private String status(String merchant) {
    return given()
        .header("Authorization", "Bearer " + YimaTestResource.OPERATOR_KEY)
        .header("Yima-Provider", app.appid())
        .get("/api/v1/authorizers/" + merchant)
        .jsonPath()
        .getString("status");
  }

  private Push sealed(byte[] padded) {
    return forge.signed(forge.sealed(padded));
  }

  private String encryptOf(String xml) {
    return forge.sealed(Forge.padded(forge.plain(bytes(xml))));
  }

  private static Push withBody(Push push, String body) {
    return new Push(push.msgSignature(), push.timestamp(), push.nonce(), body);
  }

  private static byte[] blanksBehind(byte[] body, int size) {
    byte[] longer = Arrays.copyOf(body, size);
    Arrays.fill(longer, body.length, size, (byte) ' ');
    return longer;
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    }
    return zipped.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The first line that is answered to a target that no client would send. */
  private String raw(String target, Push push) throws IOException {
    try (Socket socket = new Socket("localhost", URI.create(publicUrl).getPort())) {
      socket.setSoTimeout(30_000);
      byte[] body = bytes(push.body());
      socket
          .getOutputStream()
          .write(
              bytes(
                  "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
                      .formatted(target, body.length, push.body())));
      byte[] answer = socket.getInputStream().readAllBytes();
      return new String(answer, StandardCharsets.UTF_8).lines().findFirst().orElse("");
    }
  }

  private List<String> rows() {
    return select(
        """
        select kind || ' ' || coalesce(outcome, 'null')
        from callback_inbox where provider_id = ? order by id
        """,
        row -> row);
  }

  private Set<String> stored() {
    return Set.copyOf(
        select(
            "select encode(body_sha256, 'hex') from callback_inbox where provider_id = ?",
            row -> row));
  }

  private long number(String sql) {
    return select(sql, Long::parseLong).getFirst();
  }

  private <T> List<T> select(String sql, Function<String, T> read) {
    return database.transaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setObject(1, provider.id().value());
            List<T> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                found.add(read.apply(row.getString(1)));
              }
            }
            return found;
          }
        });
  }

  private void run(String update) {
    String sql = update + " where provider_id = ?";
    database.transaction(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, provider.id().value());
            return statement.executeUpdate();
          }
        });
  }
}
