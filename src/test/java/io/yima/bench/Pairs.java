package io.yima.bench;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Measurements of two who took turns. */
final class Pairs {

  private Pairs() {}

  /** Each of ours divided by the other's of the same turn. */
  static DoubleStream ratios(List<Double> ours, List<Double> others) {
    return IntStream.range(0, ours.size()).mapToDouble(i -> ours.get(i) / others.get(i));
  }

  /** Median and range as whole numbers. */
  static String spread(List<Double> values) {
    return Samples.of(values.stream().mapToDouble(Double::doubleValue)).spread("%.0f");
  }
}
