package io.yima.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.yima.packaged.JavaProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The stub as the benchmark holds it: a process, its addresses and its controls. */
final class StubProcess implements AutoCloseable {

  /** What the stub says when it is ready; its two ports follow. */
  static final String LISTENING = "Stub listening on ";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JavaProcess process;
  private final int httpPort;
  private final int httpsPort;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private StubProcess(JavaProcess process, int httpPort, int httpsPort) {
    this.process = process;
    this.httpPort = httpPort;
    this.httpsPort = httpsPort;
  }

  static StubProcess start(Path directory, Certificate certificate) {
    JavaProcess process =
        JavaProcess.start(
            directory.resolve("stub.log"),
            Map.of(),
            List.of("-Xmx256m", "-cp", Contender.classPath()),
            List.of(
                WeChatStub.class.getName(), certificate.file().toString(), certificate.password()));
    process.awaitOutput(LISTENING);
    String line =
        process.output().lines().filter(l -> l.startsWith(LISTENING)).findFirst().orElseThrow();
    String[] ports = line.substring(LISTENING.length()).strip().split(" ");
    return new StubProcess(process, Integer.parseInt(ports[0]), Integer.parseInt(ports[1]));
  }

  /** Where contenders call it. */
  URI address(boolean tls) {
    return URI.create(tls ? "https://localhost:" + httpsPort : "http://localhost:" + httpPort);
  }

  ProcessHandle handle() {
    return process.handle();
  }

  /** How long every answer takes from now on. */
  void latency(Duration latency) {
    control("latency/" + latency.toNanos());
  }

  void reset() {
    control("reset");
  }

  StubFigures figures() {
    try {
      return JSON.readValue(control("figures"), StubFigures.class);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How many of the merchants numbered below {@code count} were among the first so many. */
  int amongTheFirst(int count) {
    return Integer.parseInt(control("first/" + count));
  }

  private String control(String command) {
    URI uri = URI.create("http://localhost:" + httpPort + "/stub/" + command);
    try {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new IllegalStateException("the stub does not answer:\n" + process.output(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
