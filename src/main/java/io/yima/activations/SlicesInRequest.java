package io.yima.activations;

import io.yima.codes.ApplicationKey;
import io.yima.codes.SyncSettings;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import io.yima.work.Node;
import io.yima.work.RequestPatience;
import io.yima.work.WorkLoops;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Sends slices of an activation while its request waits. */
@ApplicationScoped
class SlicesInRequest {

  /** What a request sends by itself, side by side; the rest is the loop's. */
  private static final int AT_ONCE = 16;

  private final ProviderTransactions transactions;
  private final SliceCalls calls;
  private final SliceWriter writer;
  private final WorkLoops loops;
  private final SyncSettings settings;
  private final Clock clock;
  private final Node node;

  SlicesInRequest(
      ProviderTransactions transactions,
      SliceCalls calls,
      SliceWriter writer,
      WorkLoops loops,
      SyncSettings settings,
      Clock clock,
      Node node) {
    this.transactions = transactions;
    this.calls = calls;
    this.writer = writer;
    this.loops = loops;
    this.settings = settings;
    this.clock = clock;
    this.node = node;
  }

  /**
   * One turn for each that is due, as many as one request sends. What cannot be done in time goes
   * on by itself and is recorded all the same. False when none was due.
   */
  boolean send(ApplicationKey key, UUID activation, Duration patience) {
    Deadline deadline = settings.lease().startingNow(Urgency.INTERACTIVE);
    Instant now = clock.instant();
    List<ClaimedSlice> claimed =
        transactions.withConnection(
            key.provider(),
            connection ->
                SliceClaims.ofActivation(
                    connection,
                    key.provider(),
                    activation,
                    now,
                    AT_ONCE,
                    node.requestHolder(),
                    settings.lease()));
    if (claimed.isEmpty()) {
      return false;
    }
    RequestPatience.await(
        "activation",
        patience,
        () -> {
          for (Future<Boolean> done : sideBySide(claimed, deadline)) {
            done.get();
          }
          return true;
        });
    if (claimed.size() == AT_ONCE) {
      loops.wake(ActivationWork.KIND);
    }
    return true;
  }

  private List<Future<Boolean>> sideBySide(List<ClaimedSlice> claimed, Deadline deadline)
      throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.invokeAll(
          claimed.stream()
              .<Callable<Boolean>>map(
                  slice ->
                      () -> {
                        writer.write(calls.take(slice, deadline));
                        return true;
                      })
              .toList());
    }
  }
}
