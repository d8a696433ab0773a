package io.yima.api;

import jakarta.ws.rs.QueryParam;
import org.jspecify.annotations.Nullable;

/** Which page of a list is asked for, as it stands in an address. */
public class PageQuery {

  @QueryParam("limit")
  @Nullable String limit;

  @QueryParam("after")
  @Nullable String after;

  /** The page, bound to these filters; throws the 422 for what is none. */
  public PageRequest page(@Nullable String... filters) {
    try {
      return PageRequest.of(limit == null ? null : Integer.valueOf(limit), after, filters);
    } catch (NumberFormatException _) {
      throw Problems.invalid("limit", "must be a number");
    }
  }
}
