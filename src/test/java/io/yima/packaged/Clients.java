package io.yima.packaged;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.YimaTestResource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * The systems of a provider, which go on with their work whatever happens: each orders under ids of
 * its own and asks again, of any node, as long as it has no answer; others read tokens and have
 * them renewed out of turn.
 */
final class Clients implements AutoCloseable {

  private static final int ORDERING = 3;
  private static final int REFRESHING = 2;
  private static final int READING = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration BEFORE_NEXT_TRY = Duration.ofMillis(250);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A token as it was given out, some time between the two instants. */
  record Read(String merchant, Instant asked, Instant answered, String token) {}

  private final ComponentApp app;
  private final List<String> merchants;
  private final List<Integer> ports;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> working = new ArrayList<>();
  private final Map<String, String> placed = new ConcurrentHashMap<>();
  private final Map<String, String> promised = new ConcurrentHashMap<>();
  private final Queue<Read> reads = new ConcurrentLinkedQueue<>();
  private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
  private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
  private final AtomicInteger ordered = new AtomicInteger();
  private volatile boolean over;
  private volatile boolean givenUp;

  Clients(ComponentApp app, List<String> merchants, List<Integer> ports) {
    this.app = app;
    this.merchants = merchants;
    this.ports = ports;
  }

  void begin(long seed) {
    for (int i = 0; i < ORDERING; i++) {
      Random random = new Random(seed + i);
      working.add(threads.submit(() -> whileAtWork(() -> order(random))));
    }
    for (int i = 0; i < REFRESHING; i++) {
      Random random = new Random(seed + 100 + i);
      working.add(threads.submit(() -> whileAtWork(() -> refresh(random))));
    }
    for (int i = 0; i < READING; i++) {
      Random random = new Random(seed + 200 + i);
      working.add(threads.submit(() -> whileAtWork(() -> read(random))));
    }
  }

  /** No new order is begun; those that were begun are asked for until they are promised. */
  void finish() {
    over = true;
  }

  boolean finished() {
    return working.stream().allMatch(Future::isDone);
  }

  /** What was asked for at least once, and of which merchant. */
  Map<String, String> placed() {
    return placed;
  }

  /** What was answered with 200, 201 or 202. */
  Map<String, String> promised() {
    return promised;
  }

  List<Read> reads() {
    return List.copyOf(reads);
  }

  /** Answers that no fault excuses. */
  List<String> surprises() {
    return List.copyOf(surprises);
  }

  /** How often each status was answered to each kind of request; 0 is no answer at all. */
  Map<String, Long> answers() {
    Map<String, Long> sums = new TreeMap<>();
    answers.forEach((answer, count) -> sums.put(answer, count.sum()));
    return sums;
  }

  /** The status that an order is answered now, from this node alone. */
  int order(int port, String merchant, String id) {
    return status(send("order", orderOf(port, merchant, id)));
  }

  private void whileAtWork(Runnable what) {
    while (!over) {
      what.run();
    }
  }

  private void order(Random random) {
    String id = "order-" + ordered.incrementAndGet();
    String merchant = anyOf(merchants, random);
    placed.put(id, merchant);
    while (!givenUp) {
      int status = order(anyOf(ports, random), merchant, id);
      if (status / 100 == 2) {
        promised.put(id, merchant);
        break;
      }
      LockSupport.parkNanos(BEFORE_NEXT_TRY.toNanos());
    }
    LockSupport.parkNanos(Duration.ofMillis(random.nextInt(1_000)).toNanos());
  }

  private void refresh(Random random) {
    String merchant = anyOf(merchants, random);
    send(
        "refresh",
        request(anyOf(ports, random), "/api/v1/authorizers/" + merchant + "/token/refresh")
            .POST(BodyPublishers.ofString("{}"))
            .build());
    LockSupport.parkNanos(Duration.ofMillis(random.nextInt(600)).toNanos());
  }

  private void read(Random random) {
    String merchant = anyOf(merchants, random);
    Instant asked = Instant.now();
    HttpResponse<String> answer =
        send(
            "token",
            request(anyOf(ports, random), "/api/v1/authorizers/" + merchant + "/token").build());
    if (status(answer) == 200) {
      String token = json(answer).path("access_token").asText();
      reads.add(new Read(merchant, asked, Instant.now(), token));
    }
    LockSupport.parkNanos(Duration.ofMillis(random.nextInt(100)).toNanos());
  }

  /** The answer, or null when there was none; one that is odd is kept. */
  private HttpResponse<String> send(String kind, HttpRequest request) {
    HttpResponse<String> answer = null;
    try {
      answer = http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      // The node is down, paused, or was killed before it answered.
      answer = null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      over = true;
    }
    int status = status(answer);
    answers.computeIfAbsent(kind + " " + status, _ -> new LongAdder()).increment();
    if (!List.of(0, 200, 201, 202, 429, 503).contains(status)) {
      surprises.add(
          Instant.now() + " " + kind + " at " + request.uri().getPort() + ": " + answer.body());
    }
    return answer;
  }

  private HttpRequest orderOf(int port, String merchant, String id) {
    return request(port, "/api/v1/authorizers/" + merchant + "/code-applications")
        .POST(
            BodyPublishers.ofString("{\"code_count\":10000,\"isv_application_id\":\"" + id + "\"}"))
        .build();
  }

  private HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
        .timeout(PATIENCE)
        .header("Content-Type", "application/json")
        .header("Authorization", "Bearer " + YimaTestResource.OPERATOR_KEY)
        .header("Yima-Provider", app.appid());
  }

  private static int status(HttpResponse<String> answer) {
    return answer == null ? 0 : answer.statusCode();
  }

  private static JsonNode json(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError("no JSON in an answer with status 200", e);
    }
  }

  private static <T> T anyOf(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }

  @Override
  public void close() {
    over = true;
    givenUp = true;
    threads.shutdownNow();
    http.shutdownNow();
  }
}
