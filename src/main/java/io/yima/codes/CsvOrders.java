package io.yima.codes;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.api.FieldError;
import io.yima.api.Problems;
import io.yima.api.TextRules;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads a batch out of CSV as spreadsheets write it: a header with the fields' JSON names in any
 * order, commas, quotes (RFC 4180), any line ends, UTF-8 with or without a BOM. An empty field is
 * one that is left out.
 */
final class CsvOrders {

  static final String MEDIA_TYPE = "text/csv";

  private static final String MERCHANT = "authorizer_appid";
  private static final String COUNT = "code_count";
  private static final String ID = "isv_application_id";
  private static final String LABEL = "label";
  private static final List<String> COLUMNS = List.of(MERCHANT, COUNT, ID, LABEL);
  private static final List<String> REQUIRED = List.of(MERCHANT, COUNT, ID);

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setIgnoreEmptyLines(false).get();
  private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,18}");

  /** What is no number breaks the rule for counts just as this one does. */
  private static final long NO_COUNT = 0;

  private static final char BOM = '\uFEFF';

  private final CSVParser parser;
  private final Iterator<CSVRecord> records;
  private final List<@Nullable BatchItem> items = new ArrayList<>();
  private final List<Long> lines = new ArrayList<>();
  private long line;

  private CsvOrders(CSVParser parser) {
    this.parser = parser;
    this.records = parser.iterator();
  }

  /**
   * Throws the problem of a file that cannot be read; what its orders are like is not looked at.
   */
  static OrderBatch read(byte[] bytes, @Nullable String charset) {
    if (charset != null && !charset.equalsIgnoreCase("utf-8")) {
      throw Problems.of(415, "unsupported_media_type", "CSV is taken in UTF-8 only.");
    }
    String text = text(bytes);
    if (text.isBlank()) {
      throw Problems.of(400, "body_required", "The file is empty.");
    }
    try (CSVParser parser = CSVParser.parse(new StringReader(text), FORMAT)) {
      return new CsvOrders(parser).read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(byte[] bytes) {
    String text =
        TextRules.utf8(bytes)
            .orElseThrow(
                () ->
                    Problems.of(
                        400,
                        "invalid_csv",
                        "The file is not UTF-8: save it as \"CSV UTF-8\". GBK and UTF-16 are not"
                            + " guessed."));
    return !text.isEmpty() && text.charAt(0) == BOM ? text.substring(1) : text;
  }

  private OrderBatch read() {
    List<String> header = header();
    // One more than there may be, so that it is told.
    while (items.size() <= OrderBatch.MOST_ITEMS && hasNext()) {
      CSVRecord row = records.next();
      boolean blank = row.size() == 1 && row.get(0).isBlank();
      if (!blank) {
        lines.add(line);
        items.add(row.size() == header.size() ? item(header, row) : null);
      }
    }
    return OrderBatch.ofCsv(items, lines);
  }

  private List<String> header() {
    List<String> header = hasNext() ? records.next().toList() : List.of();
    for (String column : header) {
      if (!COLUMNS.contains(column)) {
        throw broken(
            "unknown_field",
            "A column is unknown; there are " + String.join(", ", COLUMNS) + ", between commas.",
            name(column),
            "is unknown");
      }
      if (header.indexOf(column) != header.lastIndexOf(column)) {
        throw broken("duplicate_field", "A column is given twice.", name(column), "is given twice");
      }
    }
    List<FieldError> missing =
        REQUIRED.stream()
            .filter(column -> !header.contains(column))
            .map(column -> new FieldError(name(column), "is required"))
            .toList();
    if (!missing.isEmpty()) {
      throw Problems.invalid(missing);
    }
    return header;
  }

  /** Of a column, as its sender wrote it; not the whole file, where that is one. */
  private String name(String column) {
    StringBuilder name = new StringBuilder("lines[" + line + "].");
    column.codePoints().limit(100).forEach(name::appendCodePoint);
    return name.toString();
  }

  private static BatchItem item(List<String> header, CSVRecord row) {
    return new BatchItem(
        field(header, row, MERCHANT),
        count(field(header, row, COUNT)),
        field(header, row, ID),
        field(header, row, LABEL));
  }

  private static @Nullable String field(List<String> header, CSVRecord row, String column) {
    int position = header.indexOf(column);
    String value = position < 0 ? "" : row.get(position);
    return value.isEmpty() ? null : value;
  }

  private static @Nullable Long count(@Nullable String text) {
    if (text == null) {
      return null;
    }
    return WHOLE_NUMBER.matcher(text).matches() ? Long.parseLong(text) : NO_COUNT;
  }

  private boolean hasNext() {
    line = parser.getCurrentLineNumber() + 1;
    try {
      return records.hasNext();
    } catch (UncheckedIOException e) {
      throw brokenQuotes();
    }
  }

  /** The only thing that is wrong with what is text at all. */
  private HttpProblem brokenQuotes() {
    return broken(
        "invalid_csv",
        "The file is not valid CSV.",
        "lines[" + line + "]",
        "has a quote that is not closed, or text behind a closed one");
  }

  private static HttpProblem broken(String code, String detail, String field, String message) {
    return HttpProblem.builder(Problems.of(400, code, detail))
        .with("errors", List.of(new FieldError(field, message)))
        .build();
  }
}
