package io.yima.bench;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Processor time of some processes so far. */
record Cpu(Duration used) {

  static Cpu of(Stream<ProcessHandle> processes) {
    List<ProcessHandle> all = processes.toList();
    return new Cpu(
        all.stream()
            .flatMap(process -> process.info().totalCpuDuration().stream())
            .reduce(Duration.ZERO, Duration::plus));
  }

  /** Microseconds for each of so many pieces since an earlier reading. */
  double microsEach(Cpu earlier, long pieces) {
    return pieces == 0 ? 0 : used.minus(earlier.used).toNanos() / 1e3 / pieces;
  }
}
