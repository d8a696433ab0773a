package io.yima.activations;

import io.yima.wechat.ApplicationStatus.CodeRange;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where all codes of an application are. Each stands once, at the furthest it has come, so the
 * parts never overlap and always add up to the number ordered, whatever WeChat's ranges look like.
 */
final class Account {

  /** How far a code can have come, from nothing to the last. */
  enum Stage {
    FREE,
    GENERATED,
    DOWNLOADED,
    ACTIVATED
  }

  private final long codeCount;

  /** From which index on which stage holds; neighbours differ. */
  private final TreeMap<Long, Stage> stages = new TreeMap<>();

  private final List<CodeRange> activating = new ArrayList<>();

  Account(long codeCount) {
    this.codeCount = codeCount;
    stages.put(0L, Stage.FREE);
  }

  /**
   * The codes of the range have come to this stage at least. Stages are told from the first to the
   * last. What lies outside of the codes that were ordered is left out.
   */
  void reached(Stage stage, CodeRange range) {
    long start = range.codeStart();
    long end = Math.min(range.codeEnd(), codeCount - 1) + 1;
    if (start >= end) {
      return;
    }
    if (end < codeCount) {
      stages.put(end, stages.floorEntry(end).getValue());
    }
    stages.subMap(start, end).clear();
    stages.put(start, stage);
    mergeAt(start);
    mergeAt(end);
  }

  /** An activation of these codes is under way, whatever stage they are at. */
  void activating(CodeRange range) {
    activating.add(range);
  }

  long codeCount() {
    return codeCount;
  }

  List<CodeRange> activating() {
    return List.copyOf(activating);
  }

  /** The ranges of each stage, in order, those that touch as one. */
  Map<Stage, List<CodeRange>> ranges() {
    Map<Stage, List<CodeRange>> ranges = new EnumMap<>(Stage.class);
    for (Map.Entry<Long, Stage> entry : stages.entrySet()) {
      Long next = stages.higherKey(entry.getKey());
      long end = (next == null ? codeCount : next) - 1;
      ranges
          .computeIfAbsent(entry.getValue(), _ -> new ArrayList<>())
          .add(new CodeRange(entry.getKey(), end));
    }
    return ranges;
  }

  private void mergeAt(long index) {
    Stage here = stages.get(index);
    Map.Entry<Long, Stage> before = stages.lowerEntry(index);
    if (here != null && before != null && before.getValue() == here) {
      stages.remove(index);
    }
  }
}
