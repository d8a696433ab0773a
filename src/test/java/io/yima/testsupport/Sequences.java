package io.yima.testsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Runs sequences of random commands, each drawn from a seed of its own. One that fails names its
 * seed, the commands up to the failure, and how to repeat it.
 */
public final class Sequences {

  /** As many as {@code verify} runs. */
  public static final int USUAL = 500;

  /** One sequence: draws its commands and notes each before it gives it. */
  @FunctionalInterface
  public interface Sequence {
    void run(RandomGenerator random, List<String> given);
  }

  private Sequences() {}

  /** How many sequences are wanted. */
  public static int wanted() {
    return Integer.getInteger("model.seeds", USUAL);
  }

  /** The seed of the first. */
  public static long first() {
    return Long.getLong("model.first", 0);
  }

  /** Stops at the first that fails. */
  public static void run(Class<?> test, long first, int count, Sequence sequence) {
    for (long seed = first; seed < first + count; seed++) {
      List<String> given = new ArrayList<>();
      try {
        sequence.run(new SplittableRandom(seed), given);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(told(test, seed, given, e), e);
      }
    }
  }

  private static String told(Class<?> test, long seed, List<String> given, Throwable failure) {
    StringBuilder told = new StringBuilder("seed " + seed + " fails: " + failure.getMessage());
    for (int i = 0; i < given.size(); i++) {
      told.append("\n  %2d. %s".formatted(i + 1, given.get(i)));
    }
    return told.append("\nRepeat it with -Dtest=")
        .append(test.getSimpleName())
        .append(" -Dmodel.first=")
        .append(seed)
        .append(" -Dmodel.seeds=1")
        .toString();
  }
}
