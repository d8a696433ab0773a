package io.yima.bench;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.LongStream;

/**
 * Requests that come when they come, whether the former ones are answered or not, as those of many
 * callers do. Each one's time counts from when it was to be sent: a server that stalls cannot hide
 * it by keeping the next request from being asked.
 */
final class OpenLoop {

  private static final int NO_ANSWER = 0;

  /**
   * What came of a load.
   *
   * @param millis how long each request took, whatever it was answered
   * @param others how often which other status than the expected one came; 0 stands for none
   */
  record Answers(Samples millis, Map<Integer, Integer> others) {

    boolean allAsExpected() {
      return others.isEmpty();
    }

    /** For the note of a row; nothing when all was well. */
    String failures() {
      return others.isEmpty() ? "" : "; other answers by status: " + others;
    }
  }

  private final RawHttp http;
  private final int perSecond;

  OpenLoop(URI address, int perSecond) {
    this.http = new RawHttp(address);
    this.perSecond = perSecond;
  }

  /**
   * Sends requests for so long and returns what came of them.
   *
   * @param request the one with this number
   * @param expected the status of every answer
   */
  Answers run(Duration duration, int expected, IntFunction<byte[]> request) {
    int count = (int) (perSecond * duration.toMillis() / 1000);
    long[] nanos = new long[count];
    Map<Integer, Integer> others = new ConcurrentHashMap<>();
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        long at = start + i * 1_000_000_000L / perSecond;
        Stage.pause(Duration.ofNanos(at - System.nanoTime()));
        int number = i;
        senders.execute(
            () -> {
              int status = status(request.apply(number));
              if (status != expected) {
                others.merge(status, 1, Integer::sum);
              }
              nanos[number] = System.nanoTime() - at;
            });
      }
    }
    return new Answers(
        Samples.of(LongStream.of(nanos).mapToDouble(taken -> taken / 1e6)), Map.copyOf(others));
  }

  private int status(byte[] request) {
    try {
      return http.exchange(request);
    } catch (IOException e) {
      return NO_ANSWER;
    }
  }
}
