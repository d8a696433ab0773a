package io.yima.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;

/** A real process of ours, whose output goes to a file that tests can read. */
public final class JavaProcess implements AutoCloseable {

  /** A test starts many processes that live for seconds only. */
  private static final List<String> SHORT_LIVED =
      List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final Process process;
  private final Path log;

  private JavaProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts {@code java} with these arguments and this environment, and nothing else of ours. */
  static JavaProcess start(Path log, Map<String, String> environment, List<String> arguments) {
    return start(log, environment, SHORT_LIVED, arguments);
  }

  /** The same with options for Java of the caller's choice. */
  public static JavaProcess start(
      Path log, Map<String, String> environment, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(options);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("YIMA_"));
    builder.environment().keySet().removeIf(name -> name.startsWith("QUARKUS_"));
    builder.environment().putAll(environment);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      return new JavaProcess(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it as the kernel would: no hook runs, nothing is flushed. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Asks it to end, as an operator would. */
  public void stop() {
    process.destroy();
    process.onExit().join();
  }

  long pid() {
    return process.pid();
  }

  /** Stops its clock, as a laptop's lid or a busy hypervisor does, without its noticing. */
  void pause() {
    signal("STOP");
  }

  /** Lets it go on where it was. */
  void resume() {
    signal("CONT");
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** As the operating system knows it. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Writes a line to its standard input. */
  public void tell(String line) {
    try {
      BufferedWriter input = process.outputWriter();
      input.write(line);
      input.newLine();
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int exitValue() {
    return process.exitValue();
  }

  public String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for a text in the output, no longer than it takes the process to die. */
  public void awaitOutput(String text) {
    try {
      await()
          .atMost(Duration.ofSeconds(120))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> output().contains(text) || !isAlive());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("The process did not say '" + text + "':\n" + output(), e);
    }
    if (!output().contains(text)) {
      throw new AssertionError("The process ended without saying '" + text + "':\n" + output());
    }
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
      assertThat(kill.waitFor()).as("kill -%s", name).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (isAlive()) {
      kill();
    }
  }
}
