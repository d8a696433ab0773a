package io.yima.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AOT cache as an operator makes it: in one command, whatever the settings are. */
class AotCacheIT {

  @TempDir Path directory;

  @Test
  void one_command_makes_a_cache_that_java_takes_and_touches_no_database_that_is_set() {
    Path cache = directory.resolve("app.aot");
    Map<String, String> ofProduction =
        Map.of(
            "QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://127.0.0.1:1/production",
            "QUARKUS_DATASOURCE_USERNAME", "nobody",
            "YIMA_WECHAT_BASE_URL", "http://127.0.0.1:1",
            "YIMA_MASTER_KEYSET", "no keyset");
    try (JavaProcess training = run("training", ofProduction, "new-aot-cache", cache.toString())) {
      assertThat(training.output()).endsWith(cache + System.lineSeparator());
      assertThat(training.exitValue()).isZero();
    }
    assertThat(cache).isRegularFile();

    try (JavaProcess trained = runWith(cache, "on")) {
      assertThat(trained.output()).startsWith("yima_op_");
    }
  }

  @Test
  void a_cache_that_does_not_fit_is_left_aside() throws Exception {
    Path cache = Files.writeString(directory.resolve("app.aot"), "no cache of this Java");

    try (JavaProcess untrained = runWith(cache, "auto")) {
      assertThat(untrained.exitValue()).isZero();
      assertThat(untrained.output()).contains("yima_op_");
    }
  }

  private JavaProcess run(String name, Map<String, String> settings, String... command) {
    return ended(
        JavaProcess.start(
            directory.resolve(name + ".log"), settings, arguments(List.of(), command)));
  }

  /** With "on" Java refuses to start without the cache. */
  private JavaProcess runWith(Path cache, String mode) {
    List<String> options = List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=" + mode, "-Xlog:aot=off");
    return ended(
        JavaProcess.start(
            directory.resolve(mode + ".log"), Map.of(), arguments(options, "new-operator-key")));
  }

  private static List<String> arguments(List<String> options, String... command) {
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(List.of("-jar", PackagedYima.JAR.toString()));
    arguments.addAll(List.of(command));
    return arguments;
  }

  private static JavaProcess ended(JavaProcess process) {
    await().atMost(Duration.ofMinutes(6)).until(() -> !process.isAlive());
    return process;
  }
}
