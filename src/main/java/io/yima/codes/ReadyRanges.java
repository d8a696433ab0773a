package io.yima.codes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.yima.wechat.ApplicationStatus.CodeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The ranges of an application whose codes are ready, in whatever slices and order WeChat named
 * them. What is asked of WeChat stays within one of them: whether a call may cross two, no page
 * says.
 */
public final class ReadyRanges {

  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final List<CodeRange> ranges;

  /** Of the ranges as WeChat named them. */
  public ReadyRanges(List<CodeRange> ranges) {
    this.ranges = ranges.stream().sorted(Comparator.comparingLong(CodeRange::codeStart)).toList();
  }

  /**
   * The range cut where WeChat's begin and end, in order and without overlap; empty when any of its
   * codes is in none of them.
   */
  public Optional<List<CodeRange>> split(CodeRange wanted) {
    List<CodeRange> parts = new ArrayList<>();
    long next = wanted.codeStart();
    for (CodeRange range : ranges) {
      if (next > wanted.codeEnd() || range.codeStart() > next) {
        break;
      }
      if (range.codeEnd() >= next) {
        long end = Math.min(range.codeEnd(), wanted.codeEnd());
        parts.add(new CodeRange(next, end));
        next = end + 1;
      }
    }
    return next > wanted.codeEnd() ? Optional.of(List.copyOf(parts)) : Optional.empty();
  }

  /** The one of WeChat's ranges that has this code. */
  public Optional<CodeRange> around(long codeIndex) {
    return ranges.stream()
        .filter(range -> range.codeStart() <= codeIndex && codeIndex <= range.codeEnd())
        .findFirst();
  }

  /** Reads the column {@code code_generate_list}. */
  public static List<CodeRange> read(String json) {
    try {
      return List.of(JSON.readValue(json, CodeRange[].class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("code_generate_list holds something else", e);
    }
  }

  /** For the column {@code code_generate_list}. */
  static String json(List<CodeRange> ranges) {
    try {
      return JSON.writeValueAsString(ranges);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
