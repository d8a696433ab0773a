package io.yima.api;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is asked for. A cursor belongs to the filters it was made with and is
 * refused with others; tenant and restrictions of the key still have to be in every query.
 */
public final class PageRequest {

  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 500;

  private final int limit;
  private final @Nullable List<String> after;
  private final String fingerprint;

  private PageRequest(int limit, @Nullable List<String> after, String fingerprint) {
    this.limit = limit;
    this.after = after;
    this.fingerprint = fingerprint;
  }

  /**
   * From the query parameters {@code limit} and {@code after}. The filters are the list's name or
   * path and the value of each of its filters, always in the same order. Throws the 422 that names
   * the parameter.
   */
  public static PageRequest of(
      @Nullable Integer limit, @Nullable String after, @Nullable String... filters) {
    if (limit != null && (limit < 1 || limit > MAX_LIMIT)) {
      throw Problems.invalid("limit", "must be between 1 and " + MAX_LIMIT);
    }
    String fingerprint = Cursor.fingerprint(filters);
    List<String> key =
        after == null
            ? null
            : Cursor.decode(after, fingerprint).orElseThrow(PageRequest::foreignCursor);
    return new PageRequest(limit == null ? DEFAULT_LIMIT : limit, key, fingerprint);
  }

  /** How many items a page has at most. */
  public int limit() {
    return limit;
  }

  /** How many rows to ask the database for, so that the page knows whether there is a next. */
  public int limitPlusOne() {
    return limit + 1;
  }

  /** The key parts of the last item already seen; empty for the first page. */
  public Optional<List<String>> after() {
    return Optional.ofNullable(after);
  }

  /**
   * The key parts read into a value; a 422 when reading throws, because a cursor comes from outside
   * and may be forged.
   */
  public <T> Optional<T> after(Function<List<String>, T> read) {
    try {
      return after().map(read);
    } catch (RuntimeException e) {
      throw foreignCursor();
    }
  }

  String cursor(List<String> key) {
    return Cursor.encode(key, fingerprint);
  }

  private static RuntimeException foreignCursor() {
    return Problems.invalid("after", "is not a cursor of this list with these filters");
  }
}
