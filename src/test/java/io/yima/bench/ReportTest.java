package io.yima.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  private static final Path PAGE = Path.of("docs", "benchmarks.md");

  @TempDir Path directory;

  @Test
  void publishing_changes_the_last_run_and_nothing_else() throws IOException {
    Path page = Files.copy(PAGE, directory.resolve("page.md"));

    report("first").publish(page);
    String first = Files.readString(page);
    report("second").publish(page);

    assertThat(first).contains("| first | ≥ 5 times | 6.0 | met | why |");
    assertThat(Files.readString(page)).isEqualTo(first.replace("| first |", "| second |"));
    assertThat(first).startsWith("# Benchmarks").contains("## How to read it");
  }

  @Test
  void a_program_reads_the_same_as_people() throws IOException {
    report("the row").write(directory);

    assertThat(Files.readString(directory.resolve("table.md"))).contains("| the row |");
    assertThat(Files.readString(directory.resolve("results.json")))
        .contains("\"verdict\" : \"MET\"", "\"value\" : 6.0", "\"fsync_micros\" : 40.0");
  }

  private static Report report(String what) {
    return new Report(
        Instant.parse("2026-11-25T00:00:00Z"),
        Duration.ofSeconds(100),
        "commit 1234567",
        new Machine("a processor", 2, 8, "Linux", "25", 40),
        Map.of("PostgreSQL", "18"),
        BenchSettings.fromSystemProperties(),
        List.of(Row.atLeast("id", what, 5, " times", 6, "6.0", "why")));
  }
}
