package io.yima.packages;

import com.sun.management.OperatingSystemMXBean;
import io.yima.wechat.ApplicationStatus.CodeRange;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process of its own that takes packages in and gives their codes out. For each line on its
 * standard input it takes so many packages more and gives those out, or gives out all that it has,
 * and tells how long that took. What makes the packages is not counted.
 */
public final class CodeStreamMain {

  /** The line that has all given out. */
  public static final String ALL = "all";

  /** What ends the line that tells seconds and seconds of processor time of a command. */
  public static final String DONE = " for command %d.";

  /** How many codes WeChat puts into a package. */
  public static final int PACKAGE = 50_000;

  private final CodeStream stream;
  private int packages;
  private long nanos;
  private long processorNanos;

  /** Who takes and gives. */
  public enum Kind {
    OURS,
    /** Decrypts as ours does, in pieces. */
    BARE,
    /** One call of Java's decoder, and one of its cipher, for each package. */
    BARE_WHOLE
  }

  /** Something that is counted. */
  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  private CodeStreamMain(CodeStream stream) {
    this.stream = stream;
  }

  /** Arguments: a {@link Kind} and a directory. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createDirectories(Path.of(arguments[1]));
    CodeStreamMain main =
        new CodeStreamMain(
            switch (Kind.valueOf(arguments[0])) {
              case OURS -> new OurCodeStream(directory);
              case BARE -> new BareCodeStream(directory, true);
              case BARE_WHOLE -> new BareCodeStream(directory, false);
            });
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    int done = 0;
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      main.run(line);
      System.out.println(
          "%.3f %.3f".formatted(main.nanos / 1e9, main.processorNanos / 1e9)
              + DONE.formatted(++done));
    }
  }

  private void run(String command) throws Exception {
    nanos = 0;
    processorNanos = 0;
    int before = packages;
    if (!command.equals(ALL)) {
      take(Integer.parseInt(command));
    }
    count(() -> stream.give(command.equals(ALL) ? 0 : before));
  }

  private void take(int more) throws Exception {
    for (int i = 0; i < more; i++) {
      long start = (long) packages++ * PACKAGE;
      CodeRange range = new CodeRange(start, start + PACKAGE - 1);
      String buffer =
          CraftedPackage.seal(
              CraftedPackage.rows(range.codeStart(), range.codeEnd()), CodeStream.KEY, 32);
      count(() -> stream.take(range, buffer));
    }
  }

  private void count(Step step) throws Exception {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long processor = system.getProcessCpuTime();
    long begun = System.nanoTime();
    step.run();
    nanos += System.nanoTime() - begun;
    processorNanos += system.getProcessCpuTime() - processor;
  }
}
