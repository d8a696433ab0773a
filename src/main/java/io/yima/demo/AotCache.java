package io.yima.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.yima.demo.DemoHttp.Answer;
import io.yima.security.ApiKeySecret;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpTimeoutException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the file with which Java starts Yima in a fraction of the time: classes that are loaded,
 * linked and profiled already. Java writes it at the end of a training run, which is the demo in a
 * process and a directory of their own: an embedded PostgreSQL, the sandbox, merchants whose tokens
 * are renewed. The deployment's own settings do not reach it, so that it never touches a real
 * database nor WeChat.
 *
 * <p>The cache holds for the same build of Java, the same files and the same garbage collector.
 * Where it does not fit, Java says so and starts without it.
 */
public final class AotCache {

  /** Where the cache is looked for when nothing else is said: beside the jar. */
  private static final String NAME = "app.aot";

  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final Path jar;
  private final Path directory;
  private final Path output;
  private final int port;
  private final int sandboxPort;
  private final String operatorKey = ApiKeySecret.generateOperatorKey().reveal();
  private final long deadline = System.nanoTime() + LIMIT.toNanos();

  private AotCache(Path jar, Path directory) throws IOException {
    this.jar = jar;
    this.directory = directory;
    this.output = directory.resolve(NAME);
    this.port = freePort();
    this.sandboxPort = freePort();
  }

  /**
   * Trains and writes the cache with the options of this Java.
   *
   * @param file where to; null: beside the jar
   * @return the file
   */
  public static Path make(@Nullable String file) throws IOException, InterruptedException {
    Path jar = Path.of(System.getProperty("java.class.path")).toAbsolutePath();
    if (!Files.isRegularFile(jar)) {
      throw new IOException("An AOT cache is made from the packaged application: java -jar …");
    }
    Path target = file == null ? jar.resolveSibling(NAME) : Path.of(file).toAbsolutePath();
    if (!Files.isWritable(target.getParent())) {
      throw new IOException(
          target.getParent() + " cannot be written: name a file elsewhere behind new-aot-cache");
    }
    Path directory = Files.createTempDirectory("yima-aot");
    try {
      letOthersThrough(directory);
      AotCache cache = new AotCache(jar, directory);
      cache.train();
      Files.move(cache.output, target, StandardCopyOption.REPLACE_EXISTING);
      return target;
    } finally {
      delete(directory);
    }
  }

  private void train() throws IOException, InterruptedException {
    Path log = directory.resolve("training.log");
    ProcessBuilder builder = new ProcessBuilder(command()).directory(directory.toFile());
    builder.environment().keySet().removeIf(AotCache::isSetting);
    builder.environment().put("YIMA_OPERATOR_KEY", operatorKey);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    Process yima = builder.start();
    try {
      work(yima);
      // As an operator would end it; Java then writes what it learnt.
      yima.destroy();
      boolean ended = yima.waitFor(left(), TimeUnit.NANOSECONDS);
      if (!ended || !Files.exists(output)) {
        throw new IOException("Java wrote no AOT cache");
      }
    } catch (IOException e) {
      throw new IOException(e.getMessage() + "; the training run said:\n" + readAll(log), e);
    } finally {
      end(yima);
    }
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The garbage collector and the like must be those of later; settings of Yima must not be.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-X") || option.startsWith("--"))
        .filter(option -> !option.startsWith("-XX:AOT"))
        .forEach(command::add);
    command.add("-XX:AOTCacheOutput=" + output);
    // Properties, because nothing goes before them.
    Map.ofEntries(
            Map.entry("quarkus.http.host", "127.0.0.1"),
            Map.entry("quarkus.http.port", Integer.toString(port)),
            Map.entry("quarkus.datasource.jdbc.url", ""),
            Map.entry("yima.public-url", "http://localhost:" + port),
            Map.entry("yima.data-dir", directory.resolve("data").toString()),
            Map.entry("yima.master-keyset", ""),
            Map.entry("yima.wechat.base-url", sandboxAddress()),
            Map.entry("yima.sandbox.enabled", "true"),
            Map.entry("yima.sandbox.port", Integer.toString(sandboxPort)),
            Map.entry("yima.demo.enabled", "true"))
        .forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(List.of("-jar", jar.toString()));
    return command;
  }

  private static boolean isSetting(String variable) {
    String name = variable.toUpperCase(Locale.ROOT);
    return Stream.of("YIMA", "QUARKUS", "SMALLRYE").anyMatch(name::startsWith);
  }

  private String sandboxAddress() {
    return "http://127.0.0.1:" + sandboxPort;
  }

  /** What a node does all day: is asked, renews a token for somebody, and renews one by itself. */
  private void work(Process yima) throws IOException, InterruptedException {
    DemoHttp api =
        new DemoHttp(
            "http://localhost:" + port,
            Map.of(
                "Authorization",
                "Bearer " + operatorKey,
                "Yima-Provider",
                DemoCast.COMPONENT_APPID));
    String authorizer = "/api/v1/authorizers/" + DemoCast.MERCHANTS.getFirst().appid();
    String application = authorizer + "/code-applications/" + DemoCast.APPLICATION;
    await(yima, api, application, "application_id");
    new DemoHttp(sandboxAddress(), Map.of()).put("/sandbox/settings", Map.of("token_life", "PT5S"));
    api.require(authorizer + "/token/refresh", Map.of());
    JsonNode refreshed = await(yima, api, authorizer, "token").path("refreshed_at");
    while (await(yima, api, authorizer, "token").path("refreshed_at").equals(refreshed)) {
      pause();
    }
    for (String path : List.of("/q/health/ready", "/api/v1/provider", "/api/v1/authorizers")) {
      api.fetch(path);
    }
  }

  /** Waits until an answer has something in this field. */
  private JsonNode await(Process yima, DemoHttp api, String path, String field)
      throws IOException, InterruptedException {
    while (true) {
      if (!yima.isAlive() || left() <= 0) {
        throw new IOException(
            (yima.isAlive() ? "Not there in time: " : "Ended before there was: ") + path);
      }
      try {
        Answer answer = api.fetch(path);
        if (answer.status() == 200 && answer.body().hasNonNull(field)) {
          return answer.body().path(field);
        }
      } catch (ConnectException | HttpTimeoutException e) {
        // It is still starting.
      }
      pause();
    }
  }

  private long left() {
    return deadline - System.nanoTime();
  }

  private static void pause() throws InterruptedException {
    LockSupport.parkNanos(PATIENCE.toNanos());
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /** Whatever went wrong: neither it nor its PostgreSQL stays. */
  private static void end(Process yima) throws InterruptedException {
    yima.destroy();
    if (!yima.waitFor(30, TimeUnit.SECONDS)) {
      yima.descendants().forEach(ProcessHandle::destroyForcibly);
      yima.destroyForcibly();
    }
  }

  private static String readAll(Path log) throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }

  /** PostgreSQL does not run as root: it must reach its own directory as somebody else. */
  private static void letOthersThrough(Path directory) throws IOException {
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    }
  }

  private static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path left, @Nullable IOException failure)
              throws IOException {
            Files.delete(left);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
