package io.yima.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A contender that has no process of its own: refreshes as many merchants as it is told, with as
 * many virtual threads as may be in flight, each at its next call as soon as the last one is done.
 */
final class ContenderMain {

  private ContenderMain() {}

  /** Arguments: {@link Contender.Kind}, the stub's address, calls in flight, and for some a URL. */
  public static void main(String[] arguments) throws Exception {
    URI address = URI.create(arguments[1]);
    int concurrency = Integer.parseInt(arguments[2]);
    RefreshCaller caller =
        switch (Contender.Kind.valueOf(arguments[0])) {
          case RAW -> new RawCaller(address);
          case BARE -> new BareCaller(address, concurrency);
          case WXJAVA_AS_PUBLISHED -> WxJavaCaller.asPublished(address);
          case WXJAVA -> WxJavaCaller.inMemory(address, concurrency);
          case WXJAVA_DURABLE -> WxJavaCaller.durable(address, concurrency, arguments[3]);
        };
    // Alone, because libraries set themselves up in their first call.
    caller.refresh(0);
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println(Contender.READY);
    int round = 0;
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      int failed = run(caller, Integer.parseInt(line), concurrency);
      System.out.println(Contender.DONE + ++round + " with " + failed + " failures");
    }
    System.exit(0);
  }

  private static int run(RefreshCaller caller, int merchants, int concurrency) throws IOException {
    AtomicInteger next = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < concurrency; i++) {
        executor.execute(
            () -> {
              for (int m = next.getAndIncrement(); m < merchants; m = next.getAndIncrement()) {
                refresh(caller, m, failed);
              }
            });
      }
    }
    return failed.get();
  }

  private static void refresh(RefreshCaller caller, int merchant, AtomicInteger failed) {
    try {
      caller.refresh(merchant);
    } catch (Exception e) {
      if (failed.getAndIncrement() == 0) {
        e.printStackTrace();
      }
    }
  }
}
