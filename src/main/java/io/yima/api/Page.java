package io.yima.api;

import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One page of a list, and the cursor of the next; {@code next} is null on the last. */
@Schema(description = "One page of a list.")
public record Page<T>(
    @Schema(description = "The items of this page.") List<T> items,
    @Schema(
            description = "The cursor of the next page; null on the last.",
            examples = "WyI0ZnlqbDM0MmV6YTAiLCJ3eGRlbW8wMG1lcmNoYW50MDEiXQ")
        @Nullable String next) {

  public Page {
    items = List.copyOf(items);
  }

  /**
   * The page out of what a query found that was asked for {@link PageRequest#limitPlusOne()} rows.
   * The key parts are those that the query sorts by; the next request gets them back.
   */
  public static <T> Page<T> of(List<T> rows, PageRequest request, Function<T, List<String>> key) {
    if (rows.size() <= request.limit()) {
      return new Page<>(rows, null);
    }
    List<T> items = rows.subList(0, request.limit());
    return new Page<>(items, request.cursor(key.apply(items.getLast())));
  }

  /** The same page of other items, usually views of them. */
  public <R> Page<R> map(Function<? super T, ? extends R> change) {
    return new Page<>(items.stream().<R>map(change).toList(), next);
  }
}
