package io.yima.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body of a batch, from JSON or CSV, with the names by which its sender finds an item again:
 * {@code items[3]} in JSON, {@code lines[5]} in CSV, where the header is line 1.
 */
@Schema(name = "OrderBatch", description = "Orders for one merchant or several: all or none.")
final class OrderBatch {

  static final int MOST_ITEMS = 1_000;

  @Schema(
      description = "The orders; each id once a merchant.",
      required = true,
      minItems = 1,
      maxItems = MOST_ITEMS)
  private final List<@Nullable BatchItem> items;

  @Schema(hidden = true)
  private final List<String> places;

  @Schema(hidden = true)
  private final String whole;

  @Schema(hidden = true)
  private final String noItem;

  private OrderBatch(
      List<@Nullable BatchItem> items, List<String> places, String whole, String noItem) {
    this.items = items;
    this.places = places;
    this.whole = whole;
    this.noItem = noItem;
  }

  @JsonCreator
  static OrderBatch ofJson(@JsonProperty("items") @Nullable List<@Nullable BatchItem> items) {
    List<@Nullable BatchItem> sent = items == null ? List.of() : items;
    List<String> places = new ArrayList<>();
    for (int i = 0; i < sent.size(); i++) {
      places.add("items[" + i + "]");
    }
    return new OrderBatch(sent, places, "items", "must be an object");
  }

  /**
   * An item for each line behind the header that is not blank.
   *
   * @param items null where a line has not as many fields as the header
   * @param lines on which line each begins
   */
  static OrderBatch ofCsv(List<@Nullable BatchItem> items, List<Long> lines) {
    return new OrderBatch(
        items,
        lines.stream().map(line -> "lines[" + line + "]").toList(),
        "lines",
        "must have as many fields as the header");
  }

  int size() {
    return items.size();
  }

  @Nullable BatchItem item(int index) {
    return items.get(index);
  }

  /** What a problem calls the item. */
  String place(int index) {
    return places.get(index);
  }

  /** What a problem calls all of them. */
  String whole() {
    return whole;
  }

  /** What is wrong where an item is null. */
  String noItem() {
    return noItem;
  }
}
