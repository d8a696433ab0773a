package io.yima.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * Tells what a test tried against Yima and what came out, as a row of the table in {@code
 * docs/robustness.md}: printed, kept in {@code target/robustness}, and held to what stands there. A
 * row holds counts that are the same in every run, never a time.
 */
public final class Robustness {

  /** Where a run leaves its rows, one file a subject: what the table is renewed from. */
  private static final Path ROWS = Path.of("target", "robustness");

  private static final Path TABLE = Path.of("docs", "robustness.md");

  private Robustness() {}

  /**
   * @param subject the item of the contract, such as "Callbacks"
   * @param tried what was tried, in a few words that no other row of the subject has
   * @param times how often
   * @param outcome what came out, each time
   */
  public static synchronized void row(String subject, String tried, long times, String outcome) {
    String row =
        String.format(Locale.ROOT, "| %s | %s | %,d | %s |", subject, tried, times, outcome);
    System.out.println(row);
    try {
      Files.createDirectories(ROWS);
      Path file = ROWS.resolve(subject.replaceAll("[^A-Za-z0-9]+", "-") + ".md");
      Files.writeString(file, row + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      if (!Boolean.getBoolean("robustness.renew")) {
        assertThat(Files.readString(TABLE))
            .as("%s tells what this run tried; -Drobustness.renew=true only collects rows", TABLE)
            .contains(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
