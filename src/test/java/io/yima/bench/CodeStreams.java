package io.yima.bench;

import io.yima.packaged.JavaProcess;
import io.yima.packages.CodeStreamMain;
import io.yima.packages.CodeStreamMain.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How fast an application's packages become CSV, beside loops that only decrypt, store and copy the
 * same bytes. Each has a process of its own with the heap that every contender gets, and they take
 * turns of some packages each. In the end ours gives all codes out as one.
 */
final class CodeStreams implements Scenario {

  private static final int PACKAGES_A_TURN = 20;

  @Override
  public String id() {
    return "code-stream";
  }

  /** One of those who take turns. */
  private static final class Streamer implements AutoCloseable {

    private final JavaProcess process;
    private final List<Double> seconds = new ArrayList<>();
    private double processorSeconds;
    private int commands;

    Streamer(Kind kind, Stage stage) {
      Path directory =
          stage.directory().resolve("code-stream-" + kind.name().toLowerCase(Locale.ROOT));
      process =
          JavaProcess.start(
              directory.resolve("code-stream.log"),
              Map.of(),
              List.of("-Xmx" + stage.settings().heap(), "-cp", Contender.classPath()),
              List.of(CodeStreamMain.class.getName(), kind.name(), directory.toString()));
      // Warm, which does not count.
      tell(PACKAGES_A_TURN);
    }

    void turn(int packages) {
      String[] figures = tell(packages);
      seconds.add(Double.parseDouble(figures[0]));
      processorSeconds += Double.parseDouble(figures[1]);
    }

    String[] tell(Object command) {
      process.tell(command.toString());
      String done = CodeStreamMain.DONE.formatted(++commands);
      process.awaitOutput(done);
      return process
          .output()
          .lines()
          .filter(line -> line.endsWith(done))
          .findFirst()
          .orElseThrow()
          .split(" ");
    }

    double sum() {
      return seconds.stream().mapToDouble(Double::doubleValue).sum();
    }

    String figures(long codes) {
      return "%.1f s, %.0f ns of processor time per code"
          .formatted(sum(), processorSeconds * 1e9 / codes);
    }

    @Override
    public void close() {
      process.close();
    }
  }

  @Override
  public List<Row> run(Stage stage) {
    int packages = stage.settings().codes() / CodeStreamMain.PACKAGE;
    long codes = (long) packages * CodeStreamMain.PACKAGE;
    try (Streamer ours = new Streamer(Kind.OURS, stage);
        Streamer bare = new Streamer(Kind.BARE, stage);
        Streamer whole = new Streamer(Kind.BARE_WHOLE, stage)) {
      List<Streamer> turns = new ArrayList<>(List.of(ours, bare, whole));
      for (int taken = 0; taken < packages; taken += PACKAGES_A_TURN) {
        int more = Math.min(PACKAGES_A_TURN, packages - taken);
        turns.forEach(streamer -> streamer.turn(more));
        // Nobody always comes first.
        turns.addLast(turns.removeFirst());
      }
      Samples ratios = Samples.of(Pairs.ratios(bare.seconds, ours.seconds));
      Samples wholeRatios = Samples.of(Pairs.ratios(whole.seconds, ours.seconds));
      return List.of(
          Row.atLeast(
              id(),
              "%,d codes through decryption, checks, store and CSV, heap %s"
                  .formatted(codes, stage.settings().heap()),
              0.6,
              " of the bare loop",
              ratios.median(),
              ratios.spread("%.2f"),
              "ours %,.0f codes/s, %s; the bare loop %s; all of them as one CSV: %s s"
                  .formatted(
                      codes / ours.sum(),
                      ours.figures(codes),
                      bare.figures(codes),
                      ours.tell(CodeStreamMain.ALL)[0])),
          Row.forComparison(
              id() + "-whole",
              "The same beside a loop that decrypts each package with one call",
              wholeRatios.median(),
              wholeRatios.spread("%.2f") + " of that loop",
              "that loop " + whole.figures(codes)));
    }
  }
}
