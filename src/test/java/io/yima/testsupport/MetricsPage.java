package io.yima.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** {@code docs/metrics.md}, as far as tests hold it to. */
public final class MetricsPage {

  private static final Path PAGE = Path.of("docs", "metrics.md");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(yima_\\w+)` \\| \\w+ \\| ");

  private MetricsPage() {}

  /** The metrics that have a row, in its order. */
  public static List<String> names() throws IOException {
    return ROW.matcher(Files.readString(PAGE)).results().map(row -> row.group(1)).toList();
  }
}
