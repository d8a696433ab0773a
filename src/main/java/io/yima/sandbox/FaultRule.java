package io.yima.sandbox;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What shall go wrong, where and how often: for {@code times} matching calls, or with a {@code
 * probability} drawn from {@code seed}, or both. A path may end in {@code *}.
 *
 * @param set fields of the answer to write over, by name or JSON Pointer
 * @param remove fields of the answer to leave out, likewise
 * @param body the whole answer instead, as it stands
 */
record FaultRule(
    @Nullable String path,
    @Nullable Kind kind,
    @Nullable String appid,
    @Nullable Integer errcode,
    @Nullable String errmsg,
    @Nullable Integer status,
    @Nullable Long delayMs,
    @Nullable Boolean hold,
    @Nullable JsonNode set,
    @Nullable List<String> remove,
    @Nullable String body,
    @Nullable Integer times,
    @Nullable Double probability,
    @Nullable Long seed) {

  enum Kind {
    /** An error number instead of the work. */
    @JsonProperty("errcode")
    ERRCODE,
    /** An HTTP status and an HTML page instead of the work. */
    @JsonProperty("http")
    HTTP,
    /** Nothing is done and nothing is ever answered. */
    @JsonProperty("timeout")
    TIMEOUT,
    /** The work is done, the answer is no JSON. */
    @JsonProperty("broken_body")
    BROKEN_BODY,
    /** The work is done, the connection closes halfway through the answer. */
    @JsonProperty("truncated_body")
    TRUNCATED_BODY,
    /** Nothing is done, the connection is reset. */
    @JsonProperty("reset")
    RESET,
    /** The work is done, later. */
    @JsonProperty("delay")
    DELAY,
    /** The work is done once this fault is taken back. */
    @JsonProperty("held")
    HELD,
    /** The work is done and the connection reset, or kept open without an answer (hold). */
    @JsonProperty("lost_answer")
    LOST_ANSWER,
    /** The work is done, and its answer rewritten. */
    @JsonProperty("answer")
    ANSWER
  }

  FaultRule {
    if (path == null || kind == null) {
      throw new BadControl("path and kind are required");
    }
    if (kind == Kind.ERRCODE && errcode == null) {
      throw new BadControl("kind errcode needs errcode");
    }
    if (kind == Kind.DELAY && (delayMs == null || delayMs < 0)) {
      throw new BadControl("kind delay needs delay_ms");
    }
    if (kind == Kind.ANSWER && set == null && remove == null && body == null) {
      throw new BadControl("kind answer needs set, remove or body");
    }
    if (set != null && !set.isObject()) {
      throw new BadControl("set must be a JSON object");
    }
    if (times != null && times < 1) {
      throw new BadControl("times must be at least 1");
    }
    if (probability != null && !(probability >= 0 && probability <= 1)) {
      throw new BadControl("probability must be from 0 to 1");
    }
  }

  boolean covers(String called) {
    String pattern = path == null ? "" : path;
    return pattern.endsWith("*")
        ? called.startsWith(pattern.substring(0, pattern.length() - 1))
        : called.equals(pattern);
  }
}
