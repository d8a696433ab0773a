package io.yima.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A row of the outcome: one goal.
 *
 * @param id stable, for comparing runs
 * @param measured the value that is compared with the goal, in words and with its unit
 * @param value the same as a number; null when nothing was measured
 * @param note what else is needed to read it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Row(
    String id,
    String what,
    String goal,
    String measured,
    @Nullable Double value,
    Verdict verdict,
    String note) {

  /** How it compares. */
  enum Verdict {
    MET("met"),
    MISSED("**missed**"),
    /** What the goal is about is not built yet. */
    NOT_BUILT("not built yet"),
    /** The measurement itself went wrong. */
    FAILED("**failed**"),
    /** Stands beside a goal and has none. */
    FOR_COMPARISON("–");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }

    static Verdict of(boolean met) {
      return met ? MET : MISSED;
    }
  }

  static Row atLeast(
      String id,
      String what,
      double goal,
      String unit,
      double value,
      String measured,
      String note) {
    return new Row(
        id, what, "≥ " + text(goal) + unit, measured, value, Verdict.of(value >= goal), note);
  }

  static Row atMost(
      String id,
      String what,
      double goal,
      String unit,
      double value,
      String measured,
      String note) {
    return new Row(
        id, what, "≤ " + text(goal) + unit, measured, value, Verdict.of(value <= goal), note);
  }

  static Row forComparison(String id, String what, double value, String measured, String note) {
    return new Row(id, what, "–", measured, value, Verdict.FOR_COMPARISON, note);
  }

  static Row notBuilt(String id, String what, String goal, String note) {
    return new Row(id, what, goal, "–", null, Verdict.NOT_BUILT, note);
  }

  /** The same row, missed whatever it measured, unless this is so. */
  Row onlyIf(boolean condition) {
    Verdict other = verdict == Verdict.MET && !condition ? Verdict.MISSED : verdict;
    return new Row(id, what, goal, measured, value, other, note);
  }

  static Row failed(String id, Throwable cause) {
    String why = cause.getClass().getSimpleName();
    return new Row(id, "The scenario " + id, "–", "–", null, Verdict.FAILED, why);
  }

  private static String text(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
