package io.yima.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The outcome of a run, as JSON for programs and as Markdown for people.
 *
 * @param commit of the source that was measured, with a mark when it had been changed
 * @param versions of what else was measured, by name
 */
record Report(
    Instant at,
    Duration took,
    String commit,
    Machine machine,
    Map<String, String> versions,
    BenchSettings settings,
    List<Row> rows) {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .findAndAddModules()
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();

  private static final String BEGIN = "<!-- last run -->";
  private static final String END = "<!-- end of last run -->";

  /** Writes {@code results.json} and {@code table.md}. */
  void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    JSON.writeValue(directory.resolve("results.json").toFile(), this);
    Files.writeString(directory.resolve("table.md"), markdown());
  }

  /** Puts the outcome where the page says "last run"; the rest of the page stays. */
  void publish(Path page) throws IOException {
    String text = Files.readString(page);
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END);
    Files.writeString(
        page, text.substring(0, from) + "\n\n" + markdown() + "\n" + text.substring(to));
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(
        settings.full()
            ? "A full run"
            : "**A quick run, which shows that everything works and little more**");
    text.append(
        String.format(
            Locale.ROOT,
            " of %s, %s, in %d min %d s: %,d merchants, rounds of %,d refreshes, median of %d pairs"
                + " (range in brackets), heap %s for every contender.%n%n",
            commit,
            at.toString().substring(0, 10),
            took.toMinutes(),
            took.toSecondsPart(),
            settings.merchants(),
            settings.refreshes(),
            settings.pairs(),
            settings.heap()));
    text.append(
        String.format(
            Locale.ROOT,
            "%s, %d cores, %d GB; %s; Java %s; %s. Writing 8 kB through to the disk: %.0f µs.%n%n",
            machine.processor(),
            machine.cores(),
            machine.memoryGb(),
            machine.system(),
            machine.java(),
            versions.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(version -> version.getKey() + " " + version.getValue())
                .collect(Collectors.joining(", ")),
            machine.fsyncMicros()));
    text.append("Settings of our nodes: ").append(settings.node()).append(", else defaults.\n\n");
    text.append("| What | Goal | Measured | | To read it |\n|---|---|---|---|---|\n");
    rows.forEach(row -> text.append(line(row)));
    return text.toString();
  }

  private static String line(Row row) {
    return "| %s | %s | %s | %s | %s |%n"
        .formatted(row.what(), row.goal(), row.measured(), row.verdict().words(), row.note());
  }
}
