package io.yima.bench;

import java.util.Locale;
import java.util.stream.DoubleStream;

/** Repeated measurements of one thing. */
record Samples(double[] sorted) {

  static Samples of(DoubleStream values) {
    return new Samples(values.sorted().toArray());
  }

  int count() {
    return sorted.length;
  }

  double median() {
    return percentile(0.5);
  }

  double min() {
    return sorted[0];
  }

  double max() {
    return sorted[sorted.length - 1];
  }

  /** The smallest value that this share of all does not exceed; of two middle ones their mean. */
  double percentile(double share) {
    int last = sorted.length - 1;
    if (share == 0.5) {
      return (sorted[last / 2] + sorted[(last + 1) / 2]) / 2;
    }
    return sorted[Math.min(last, (int) Math.ceil(share * sorted.length) - 1)];
  }

  /** Median and range, such as {@code 0.91 (0.88 to 0.93)}. */
  String spread(String format) {
    String median = String.format(Locale.ROOT, format, median());
    return count() == 1
        ? median
        : median + String.format(Locale.ROOT, " (" + format + " to " + format + ")", min(), max());
  }
}
