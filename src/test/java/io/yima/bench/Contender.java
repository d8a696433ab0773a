package io.yima.bench;

import io.yima.packaged.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import me.chanjar.weixin.open.api.WxOpenService;

/** A contender as the benchmark holds it. It stays warm between its rounds. */
final class Contender implements AutoCloseable {

  static final String READY = "Contender ready";
  static final String DONE = "Round ";

  /** Who runs beside ours. */
  enum Kind {
    /** Sockets. */
    RAW,
    /** The HTTP client that ours uses. */
    BARE,
    /** WxJava with its own HTTP client's settings: 10 connections to a host. */
    WXJAVA_AS_PUBLISHED,
    /** WxJava with as many connections as all others; in memory. */
    WXJAVA,
    /** The same, storing in PostgreSQL. */
    WXJAVA_DURABLE
  }

  private final JavaProcess process;
  private int rounds;

  private Contender(JavaProcess process) {
    this.process = process;
  }

  static Contender start(
      Kind kind, Path directory, URI stub, List<String> options, int concurrency, String... more) {
    List<String> java = new ArrayList<>(options);
    java.addAll(List.of("-cp", classPath()));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                ContenderMain.class.getName(),
                kind.name(),
                stub.toString(),
                Integer.toString(concurrency)));
    arguments.addAll(List.of(more));
    JavaProcess process = JavaProcess.start(newLog(directory, kind), Map.of(), java, arguments);
    process.awaitOutput(READY);
    return new Contender(process);
  }

  /** Each start its own, because what a process says in it is waited for. */
  private static Path newLog(Path directory, Kind kind) {
    try {
      return Files.createTempFile(directory, kind.name().toLowerCase(Locale.ROOT) + "-", ".log");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What this very process runs with, for processes that run our test classes. */
  static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** The version of the rival that is measured, as its file is called. */
  static String wxJavaVersion() {
    String file =
        Path.of(WxOpenService.class.getProtectionDomain().getCodeSource().getLocation().getPath())
            .getFileName()
            .toString();
    return file.replace("weixin-java-open-", "").replace(".jar", "");
  }

  /** Refreshes the merchants from number 0 on; returns when all are done. */
  void refresh(int merchants) {
    process.tell(Integer.toString(merchants));
    String done = DONE + ++rounds + " with ";
    process.awaitOutput(done);
    if (!process.output().contains(done + "0 failures")) {
      throw new AssertionError("Calls failed:\n" + process.output());
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
