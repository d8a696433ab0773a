package io.yima.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.secrets.Secret;
import io.yima.wechat.Failure.OutcomeUnknown;
import io.yima.wechat.Failure.Unavailable;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.wechat.WeChatResult.Success;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call comes to when WeChat, or the way to it, fails. */
@QuarkusTest
class WeChatOutageTest {

  private static final Secret TOKEN = Secret.of("75_merchant-token_of_some_length");
  private static final String APPLIED = "{\"errcode\":0,\"application_id\":1}";
  private static final Duration TIMEOUT = Duration.ofMillis(700);

  private SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private StubWeChat stub;
  private WeChatClient client;

  @BeforeEach
  void start() {
    stub = new StubWeChat();
    client = client(TestConfig.at(stub.url()).timeout(TIMEOUT).maxInFlight(2));
  }

  @AfterEach
  void stop() {
    stub.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"errcode\":0,\"application_id\":",
        "[]",
        "\"ok\"",
        "success",
        "null",
        "{\"errcode\":\"none\"}",
        "{\"errcode\":99999999999}",
        "{\"errcode\":{}}",
        "{}",
        "<html><body>502 Bad Gateway</body></html>"
      })
  void a_broken_body_leaves_the_outcome_unknown(String body) {
    stub.answers(StubWeChat.http("200 OK", "text/html", body));

    assertThat(applied()).isInstanceOf(OutcomeUnknown.class);
  }

  /** A request that fails before it is sent whole is told there as an error, address and all. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.vertx.core.http.impl.HttpClientRequestImpl",
        "io.vertx.core.net.impl.ConnectionBase"
      })
  void what_the_http_client_itself_says_of_a_failure_is_not_logged(String category) {
    assertThat(Logger.getLogger(category).isLoggable(Level.SEVERE)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/html; charset=GBK", "nonsense", "image/png"})
  void the_content_type_does_not_matter(String contentType) {
    stub.answers(StubWeChat.http("200 OK", contentType, APPLIED));

    assertThat(apply(client)).isEqualTo(new Success<>(new AppliedCode(1)));
  }

  @Test
  void an_answer_in_chunks_and_without_a_content_type_is_read() {
    stub.answers(
        StubWeChat.raw(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\n{\"err\r\n1b\r\ncode\":0,\"application_id\":1}\r\n0\r\n\r\n"));

    assertThat(apply(client)).isEqualTo(new Success<>(new AppliedCode(1)));
  }

  @ParameterizedTest
  @CsvSource({
    "500 Oops, unavailable", "502 Bad Gateway, unavailable", "503 Busy, unavailable",
    "408 Timeout, unavailable", "429 Slow down, rate_limited", "400 Bad, misconfigured",
    "403 No, misconfigured", "404 Not Found, misconfigured", "413 Big, misconfigured"
  })
  void http_errors_are_told_by_their_status(String status, String code) {
    stub.answers(StubWeChat.http(status, "text/html", "<html>" + APPLIED + "</html>"));

    Failure failure = applied();

    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.sent()).isTrue();
    assertThat(failure.error().errcode()).isNull();
  }

  @Test
  void redirects_are_not_followed() {
    stub.answers(
        StubWeChat.raw(
            "HTTP/1.1 302 Found\r\nLocation: "
                + stub.url()
                + "/other\r\nContent-Length: 0\r\n\r\n"));

    assertThat(applied().code()).isEqualTo("misconfigured");
    assertThat(stub.requests).hasSize(1);
  }

  @Test
  @Timeout(30)
  void no_answer_within_the_limit_leaves_the_outcome_unknown() {
    stub.answers(StubWeChat.silence());

    Failure failure = applied();

    assertThat(failure).isInstanceOf(OutcomeUnknown.class);
    assertThat(failure.error().errmsg()).startsWith("no whole answer from WeChat (");
  }

  @Test
  @Timeout(30)
  void an_answer_that_trickles_is_cut_off_at_the_limit() {
    stub.answers(
        socket -> {
          StubWeChat.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n").answer(socket);
          for (int i = 0; i < 600; i++) {
            StubWeChat.raw(" ").answer(socket);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
          }
        });

    assertThat(applied()).isInstanceOf(OutcomeUnknown.class);
  }

  @Test
  void a_reset_before_the_answer_leaves_the_outcome_unknown() {
    stub.answers(StubWeChat.reset());

    assertThat(applied()).isInstanceOf(OutcomeUnknown.class);
  }

  @Test
  @Timeout(18)
  void a_reset_within_the_answer_leaves_the_outcome_unknown_at_once() {
    client = client(TestConfig.at(stub.url()).timeout(Duration.ofSeconds(20)));
    stub.answers(
        socket -> {
          StubWeChat.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + APPLIED)
              .answer(socket);
          LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
          StubWeChat.reset().answer(socket);
        });

    assertThat(applied()).isInstanceOf(OutcomeUnknown.class);
  }

  @Test
  void an_answer_cut_short_leaves_the_outcome_unknown() {
    stub.answers(
        socket -> {
          StubWeChat.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + APPLIED)
              .answer(socket);
          socket.close();
        });

    assertThat(applied()).isInstanceOf(OutcomeUnknown.class);
  }

  @Test
  void a_refused_connection_sent_nothing() {
    stub.close();

    Failure failure = applied();

    assertThat(failure).isInstanceOf(Unavailable.class);
    assertThat(failure.sent()).isFalse();
    assertThat(failure.remedy()).isPresent();
  }

  @Test
  void an_unknown_host_sent_nothing() {
    client = client(TestConfig.at("https://wechat.invalid").timeout(Duration.ofSeconds(20)));

    assertThat(applied()).isInstanceOf(Unavailable.class);
    assertThat(applied().sent()).isFalse();
  }

  @Test
  void a_tls_handshake_that_fails_sent_nothing() {
    String plain = stub.url();
    client = client(TestConfig.at(plain.replace("http:", "https:")).timeout(TIMEOUT));

    assertThat(applied().sent()).isFalse();
  }

  @Test
  void a_passed_deadline_sends_nothing() {
    stub.answers(APPLIED);

    Failure failure =
        ((Failed<?>)
                client.applyCode(
                    TOKEN, 10_000, "a", Deadline.in(Duration.ofMillis(-1), Urgency.INTERACTIVE)))
            .failure();

    assertThat(failure).isInstanceOf(Unavailable.class);
    assertThat(failure.sent()).isFalse();
    assertThat(stub.requests).isEmpty();
  }

  @Test
  void a_deadline_that_passes_while_connecting_sends_nothing() {
    stub.answers(APPLIED);
    Wire wire = new Wire(TestConfig.at(stub.url()));
    Call.Request slow =
        (api, body) -> {
          LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
          return api.applyCode(TOKEN.reveal(), body);
        };

    Call<String> call =
        new Call<>(Endpoint.APPLY_CODE, new Json(), slow, List.of(), answer -> "answered");
    Wire.Outcome outcome =
        wire.send(call, Deadline.in(Duration.ofMillis(200), Urgency.INTERACTIVE));

    assertThat(outcome).isEqualTo(new Wire.Outcome.NotSent("too late to start", false));
    assertThat(stub.requests).isEmpty();
  }

  @Test
  void calls_beyond_the_bound_wait_until_their_deadline_and_send_nothing() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    client = client(TestConfig.at(stub.url()).timeout(Duration.ofSeconds(20)).maxInFlight(2));
    stub.answers(stub.after(latch, StubWeChat.json(APPLIED)));
    List<CompletableFuture<WeChatResult<AppliedCode>>> first =
        Stream.of(1, 2).map(_ -> inBackground(() -> apply(client))).toList();
    await().until(() -> stub.requests.size() == 2);
    assertThat(registry.get("yima_wechat_in_flight").gauge().value()).isEqualTo(2);

    Failure failure =
        ((Failed<?>)
                client.applyCode(
                    TOKEN, 10_000, "a", Deadline.in(Duration.ofMillis(100), Urgency.INTERACTIVE)))
            .failure();

    assertThat(failure.sent()).isFalse();
    assertThat(stub.requests).hasSize(2);
    var waiting = inBackground(() -> apply(client));
    latch.countDown();
    assertThat(waiting.get()).isEqualTo(new Success<>(new AppliedCode(1)));
    assertThat(first).allSatisfy(it -> assertThat(it.get()).isInstanceOf(Success.class));
  }

  @Test
  void places_are_given_back_whatever_happens() {
    for (int i = 0; i < 3; i++) {
      stub.answers(StubWeChat.silence());
      applied();
      stub.answers(StubWeChat.reset());
      applied();
    }
    stub.answers(APPLIED);

    assertThat(apply(client)).isEqualTo(new Success<>(new AppliedCode(1)));
  }

  @Test
  void an_answer_over_4_mebibytes_is_not_read() {
    client = client(TestConfig.at(stub.url()).timeout(Duration.ofSeconds(20)));
    stub.answers(StubWeChat.json(" ".repeat(5 << 20) + APPLIED));

    Failure failure = applied();

    assertThat(failure).isInstanceOf(OutcomeUnknown.class);
    assertThat(failure.error().errmsg()).contains("4 MiB");
    assertThat(((OutcomeUnknown) failure).tooLong()).isTrue();
  }

  @Test
  void a_package_may_have_any_length_up_to_32_mebibytes() {
    client = client(TestConfig.at(stub.url()).timeout(Duration.ofSeconds(20)));
    int most = 32 << 20;
    String head = "{\"errcode\":0,\"buffer\":\"";

    stub.answers(StubWeChat.json(head + "A".repeat(most - head.length() - 2) + "\"}"));
    assertThat(downloaded()).isInstanceOf(Success.class);

    stub.answers(StubWeChat.json(head + "A".repeat(most - head.length() - 1) + "\"}"));
    assertThat(downloaded())
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> assertThat(((OutcomeUnknown) failed.failure()).tooLong()).isTrue());
  }

  private WeChatResult<EncryptedCodes> downloaded() {
    return client.downloadCodes(
        TOKEN,
        1,
        new ApplicationStatus.CodeRange(0, 199_999),
        Deadline.in(Duration.ofSeconds(30), Urgency.SYNC));
  }

  @Test
  void no_failure_tells_a_token() {
    List<StubWeChat.Behaviour> behaviours =
        List.of(
            StubWeChat.silence(),
            StubWeChat.reset(),
            StubWeChat.http("500 Oops", "text/plain", TOKEN.reveal()),
            StubWeChat.json(TOKEN.reveal()));

    for (StubWeChat.Behaviour behaviour : behaviours) {
      stub.answers(behaviour);
      assertThat(applied().toString()).doesNotContain(TOKEN.reveal().substring(0, 12));
    }
  }

  @Test
  void a_wechat_that_fails_is_left_alone_and_asked_again_after_a_while() {
    stub.answers(StubWeChat.http("503 Busy", "text/html", "busy"));
    while (client.capacity(Urgency.AHEAD) > 0) {
      assertThat(applied()).isInstanceOf(Unavailable.class);
    }
    int asked = stub.requests.size();
    assertThat(asked).isEqualTo(51);
    assertThat(registry.get("yima_wechat_circuit").gauge().value()).isEqualTo(1);

    Failure failure = applied();

    assertThat(failure.sent()).isFalse();
    assertThat(failure.error().errmsg()).contains("WeChat has been failing");
    assertThat(stub.requests).hasSize(asked);
    stub.answers(APPLIED);
    await().until(() -> client.capacity(Urgency.AHEAD) > 0);
    for (int probe = 0; probe < Circuit.PROBES; probe++) {
      assertThat(apply(client)).isEqualTo(new Success<>(new AppliedCode(1)));
    }
    assertThat(registry.get("yima_wechat_circuit").gauge().value()).isZero();
  }

  @Test
  void answers_that_make_no_sense_or_refuse_do_not_count_as_an_outage() {
    List<String> answers = List.of("{}", "<html>", "{\"errcode\":45011}", "{\"errcode\":48001}");
    for (int i = 0; i < 240; i++) {
      stub.answers(answers.get(i % answers.size()));
      applied();
    }

    assertThat(registry.get("yima_wechat_circuit").gauge().value()).isZero();
    assertThat(registry.get("yima_wechat_in_flight_limit").gauge().value()).isEqualTo(2);
  }

  @Test
  void strain_lowers_the_limit_and_answers_raise_it() {
    client = client(TestConfig.at(stub.url()).maxInFlight(100));
    stub.answers("{\"errcode\":-1}");
    applied();
    stub.answers(StubWeChat.reset());
    applied();
    assertThat(registry.get("yima_wechat_in_flight_limit").gauge().value()).isEqualTo(49);

    stub.answers(APPLIED);
    for (int i = 0; i < 200; i++) {
      apply(client);
    }

    assertThat(registry.get("yima_wechat_in_flight_limit").gauge().value()).isEqualTo(51);
  }

  @Test
  void a_call_that_is_interrupted_leaves_no_token_in_the_log() throws Exception {
    Queue<String> logged = new ConcurrentLinkedQueue<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            logged.add(entry.getMessage() + entry.getThrown());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    try {
      stub.answers(StubWeChat.silence());
      Thread caller = Thread.ofVirtual().start(() -> apply(client));
      await().until(() -> stub.requests.size() == 1);

      caller.interrupt();
      caller.join();

      // The HTTP client's own time limit passes after nobody waits for its answer any more.
      await()
          .during(TIMEOUT.multipliedBy(2))
          .atMost(Duration.ofSeconds(30))
          .until(() -> logged.stream().noneMatch(entry -> entry.contains("merchant-token")));
    } finally {
      root.removeHandler(handler);
    }
  }

  @Test
  void a_call_inside_a_transaction_is_refused() {
    stub.answers(APPLIED);

    assertThatThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> apply(client)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a call to WeChat must not happen inside a database transaction");
    assertThat(stub.requests).isEmpty();
  }

  private WeChatClient client(WeChatConfig config) {
    registry = new SimpleMeterRegistry();
    return new WeChatClient(config, registry);
  }

  private static <T> CompletableFuture<T> inBackground(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, task -> Thread.ofVirtual().start(task));
  }

  private Failure applied() {
    WeChatResult<AppliedCode> result = apply(client);
    assertThat(result).isInstanceOf(Failed.class);
    return ((Failed<AppliedCode>) result).failure();
  }

  private static WeChatResult<AppliedCode> apply(WeChatClient client) {
    return client.applyCode(
        TOKEN, 10_000, "a", Deadline.in(Duration.ofSeconds(10), Urgency.INTERACTIVE));
  }
}
