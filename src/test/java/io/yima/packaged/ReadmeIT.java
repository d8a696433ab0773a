package io.yima.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.testsupport.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the READMEs promise is what a reader sees. */
class ReadmeIT {

  private static final Path ENGLISH = Path.of("README.md");
  private static final Path CHINESE = Path.of("README.zh-CN.md");

  private final int port = FreePort.choose();
  private final int sandboxPort = FreePort.choose();

  @TempDir Path directory;

  @Test
  void both_languages_show_the_same_steps() throws IOException {
    assertThat(Walkthrough.of(CHINESE)).isEqualTo(Walkthrough.of(ENGLISH));
  }

  @Test
  void every_step_of_the_walkthrough_prints_what_it_says() throws Exception {
    Walkthrough walkthrough = Walkthrough.of(ENGLISH);
    assertThat(walkthrough.steps()).hasSizeGreaterThan(12);

    String output = runBesideTrial(walkthrough.script());

    int from = 0;
    for (int i = 0; i < walkthrough.steps().size(); i++) {
      Walkthrough.Step step = walkthrough.steps().get(i);
      String end = Walkthrough.END_OF_STEP + i + "\n";
      int to = output.indexOf(end, from);
      assertThat(to).as("The shell stopped in:\n%s\n%s", step.commands(), output).isNotNegative();
      String printed = output.substring(from, to);
      assertThat(step.prints())
          .as("Output of:\n%s\n%s", step.commands(), printed)
          .allSatisfy(fragment -> assertThat(printed).contains(onOurPorts(fragment)));
      from = to + end.length();
    }
  }

  private String runBesideTrial(String script) throws IOException, InterruptedException {
    try (JavaProcess yima = startTrial()) {
      try {
        yima.awaitOutput("Try it");
        return run(onOurPorts(script));
      } finally {
        // Killed, it would leave its database running.
        yima.stop();
      }
    }
  }

  /** As in dev mode: embedded database, sandbox, demo, generated keys. */
  private JavaProcess startTrial() {
    return JavaProcess.start(
        directory.resolve("yima.log"),
        Map.of(
            "QUARKUS_HTTP_PORT", Integer.toString(port),
            "YIMA_SANDBOX_PORT", Integer.toString(sandboxPort),
            "YIMA_SANDBOX_ENABLED", "true",
            "YIMA_DEMO_ENABLED", "true",
            "YIMA_DATA_DIR", directory.resolve("data").toString()),
        List.of("-jar", PackagedYima.JAR.toString()));
  }

  private String run(String script) throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("walkthrough.sh"), script);
    Path output = directory.resolve("walkthrough.out");
    Process shell =
        new ProcessBuilder("bash", file.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!shell.waitFor(5, TimeUnit.MINUTES)) {
      shell.destroyForcibly().waitFor();
    }
    return Files.readString(output);
  }

  private String onOurPorts(String text) {
    return text.replace("localhost:8080", "localhost:" + port)
        .replace("127.0.0.1:8089", "127.0.0.1:" + sandboxPort);
  }
}
