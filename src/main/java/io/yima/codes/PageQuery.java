package io.yima.codes;

import io.yima.api.PageRequest;
import io.yima.api.Problems;
import jakarta.ws.rs.QueryParam;
import org.jspecify.annotations.Nullable;

/** Which page of a list is asked for, as it stands in an address. */
class PageQuery {

  @QueryParam("limit")
  @Nullable String limit;

  @QueryParam("after")
  @Nullable String after;

  PageRequest page(@Nullable String... filters) {
    try {
      return PageRequest.of(limit == null ? null : Integer.valueOf(limit), after, filters);
    } catch (NumberFormatException _) {
      throw Problems.invalid("limit", "must be a number");
    }
  }
}
