package io.yima.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.testsupport.ComponentApp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One provider floods a node and another goes on with its work. Prints what the flood does to the
 * other's response times, which depends on the machine, and asserts what does not.
 *
 * <p>{@code -Dflood.seconds=10 -Dflood.pairs=5} makes it longer.
 */
class FloodIT {

  private static final int FLOODING = Integer.getInteger("flood.connections", 96);
  private static final int SECONDS = Integer.getInteger("flood.seconds", 3);
  private static final int PAIRS = Integer.getInteger("flood.pairs", 1);
  private static final Duration BETWEEN = Duration.ofMillis(10);

  @TempDir Path directory;

  private final ComponentApp flooder = ComponentApp.unheardOf();
  private final ComponentApp neighbour = ComponentApp.unheardOf();
  private final Map<Integer, LongAdder> floodStatuses = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> headersMissing = new ConcurrentHashMap<>();

  @Test
  void a_flood_by_one_provider_leaves_another_its_response_times() throws Exception {
    try (PackagedYima yima = new PackagedYima(directory)) {
      // As in production, not as where a test starts many processes that live for seconds only.
      JavaProcess node = yima.launch(yima.port(), Map.of(), "-XX:TieredStopAtLevel=4", "-Xmx512m");
      yima.awaitReady(yima.port(), node);
      String flood = request("/api/v1/provider", key(yima, flooder));
      String neighbourKey = key(yima, neighbour);
      String merchant = yima.sandbox().serviceAccount("邻家茶铺");
      yima.sandbox().authorize(neighbour.appid(), merchant, List.of(1, 46));
      KilledNodeIT.awaitMarketingCodes(new ApiClient(yima.port(), neighbour), merchant);
      List<String> work =
          List.of(
              request("/api/v1/provider", neighbourKey),
              request("/api/v1/authorizers/" + merchant + "/token", neighbourKey));

      whileFlooded(yima.port(), flood, work);
      floodStatuses.clear();
      List<Double> ratios = new ArrayList<>();
      for (int pair = 1; pair <= PAIRS; pair++) {
        Duration calm = measure(yima.port(), work);
        Duration flooded = whileFlooded(yima.port(), flood, work);
        double ratio = (double) flooded.toNanos() / calm.toNanos();
        ratios.add(ratio);
        System.out.printf(
            "p99 of the neighbour: calm %.2f ms, flooded %.2f ms, ratio %.2f; answers to the flood"
                + " so far %s%n",
            calm.toNanos() / 1e6, flooded.toNanos() / 1e6, ratio, new TreeMap<>(floodStatuses));
      }
      Collections.sort(ratios);
      System.out.printf("median ratio %.2f of %s%n", ratios.get(ratios.size() / 2), ratios);

      assertThat(node.output()).doesNotContain(" ERROR ");
      assertThat(floodStatuses.keySet()).containsExactlyInAnyOrder(200, 429);
      assertThat(headersMissing).isEmpty();
      assertThat(PackagedYima.isReady(yima.port())).isTrue();
    }
  }

  private Duration whileFlooded(int port, String flood, List<String> work) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    List<Future<?>> floods = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < FLOODING; i++) {
        floods.add(clients.submit(() -> flood(port, flood, over)));
      }
      Duration p99 = measure(port, work);
      over.set(true);
      for (Future<?> ended : floods) {
        ended.get();
      }
      return p99;
    }
  }

  /** Asks again as soon as it is answered. */
  private Void flood(int port, String request, AtomicBoolean over) throws IOException {
    try (RawConnection client = new RawConnection(port)) {
      while (!over.get()) {
        client.send(request);
        RawConnection.Answer answer = client.receive();
        floodStatuses.computeIfAbsent(answer.status(), status -> new LongAdder()).increment();
        if (answer.status() == 429) {
          for (String name : List.of("Retry-After", "RateLimit-Limit", "RateLimit-Remaining")) {
            if (answer.header(name).isEmpty()) {
              headersMissing.computeIfAbsent(name, missing -> new LongAdder()).increment();
            }
          }
        }
      }
    }
    return null;
  }

  /** The 99th percentile of requests sent at a steady rate, each of them answered 200. */
  private static Duration measure(int port, List<String> work) throws Exception {
    List<Long> took = Collections.synchronizedList(new ArrayList<>());
    long start = System.nanoTime();
    List<Future<?>> workers = new ArrayList<>();
    try (ExecutorService clients = Executors.newThreadPerTaskExecutor(Thread::new)) {
      for (int i = 0; i < work.size(); i++) {
        String request = work.get(i);
        long offset = BETWEEN.toNanos() / work.size() * i;
        workers.add(clients.submit(() -> askSteadily(port, request, start + offset, took)));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
    }
    List<Long> sorted = new ArrayList<>(took);
    Collections.sort(sorted);
    return Duration.ofNanos(sorted.get(sorted.size() * 99 / 100));
  }

  /** Counts from when a request was to be sent, so that one late answer does not hide the next. */
  private static Void askSteadily(int port, String request, long start, List<Long> took)
      throws IOException {
    try (RawConnection client = new RawConnection(port)) {
      long end = start + Duration.ofSeconds(SECONDS).toNanos();
      for (long due = start; due < end; due += BETWEEN.toNanos()) {
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        client.send(request);
        assertThat(client.receive().status()).isEqualTo(200);
        took.add(System.nanoTime() - due);
      }
    }
    return null;
  }

  private static String key(PackagedYima yima, ComponentApp app) {
    yima.sandbox().platform(app, yima.address());
    ApiClient api = new ApiClient(yima.port(), app);
    assertThat(api.register().statusCode()).isEqualTo(201);
    return api.providerKey().jsonPath().getString("key");
  }

  private static String request(String path, String key) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
        + key
        + "\r\n\r\n";
  }
}
