package io.yima.bench;

import io.yima.codes.CodeStreamMain;
import io.yima.packaged.JavaProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How fast an application's packages become CSV, against a loop that only decrypts and copies the
 * same bytes, in a process with the heap that every contender gets.
 */
final class CodeStreams implements Scenario {

  private static final String SECONDS = "SECONDS ";

  @Override
  public String id() {
    return "code-stream";
  }

  @Override
  public List<Row> run(Stage stage) {
    BenchSettings settings = stage.settings();
    int codes = settings.codes();
    Path directory = stage.directory().resolve("code-stream");
    JavaProcess process =
        JavaProcess.start(
            directory.resolve("code-stream.log"),
            Map.of(),
            List.of("-Xmx" + settings.heap(), "-cp", Contender.classPath()),
            List.of(
                CodeStreamMain.class.getName(),
                directory.toString(),
                Integer.toString(codes),
                Integer.toString(Math.min(codes, 1_000_000))));
    process.awaitOutput(SECONDS);
    String[] seconds =
        process
            .output()
            .lines()
            .filter(line -> line.startsWith(SECONDS))
            .findFirst()
            .orElseThrow()
            .substring(SECONDS.length())
            .split(" ");
    double ours = Double.parseDouble(seconds[0]);
    double bare = Double.parseDouble(seconds[1]);
    return List.of(
        Row.atLeast(
            id(),
            "%,d codes through decryption, checks, store and CSV, heap %s"
                .formatted(codes, settings.heap()),
            0.6,
            " of the bare loop",
            bare / ours,
            "%.2f".formatted(bare / ours),
            "ours %.1f s, %,.0f codes/s; a loop that decrypts, stores and copies the same bytes %.1f s"
                .formatted(ours, codes / ours, bare)));
  }
}
