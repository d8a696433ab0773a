package io.yima.wechat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call that is passed on as it came, but with another token.
 *
 * @param path without a leading slash; only such as a setting or the code names
 * @param query without any token
 * @param body the JSON of a POST; null for a GET
 */
public record ForwardedCall(String path, Map<String, List<String>> query, @Nullable String body) {

  public ForwardedCall {
    query = Map.copyOf(query);
  }

  /** The path alone: the rest may hold anything. */
  @Override
  public String toString() {
    return "ForwardedCall[" + path + "]";
  }
}
