package io.yima.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where a node's processor time goes: samples of Java's Flight Recorder, each counted for the
 * nearest frame that says what it is about.
 */
record Profile(Map<String, Long> samples) {

  private static final String EXECUTION = "jdk.ExecutionSample";

  /** What the beginning of a class's name says; the first that fits counts. */
  private static final Map<String, String> AREAS = areas();

  private static Map<String, String> areas() {
    Map<String, String> areas = new LinkedHashMap<>();
    areas.put("sun.security.ssl", "TLS");
    areas.put("com.google.crypto", "sealing");
    areas.put("io.yima.secrets", "sealing");
    areas.put("org.postgresql", "database driver");
    areas.put("io.agroal", "database driver");
    areas.put("com.fasterxml.jackson", "JSON");
    areas.put("io.yima.wechat.Answer", "JSON");
    areas.put("io.yima.wechat.Json", "JSON");
    areas.put("io.micrometer", "metrics");
    areas.put("io.netty", "HTTP client");
    areas.put("io.vertx", "HTTP client");
    areas.put("org.jboss.resteasy", "HTTP client");
    areas.put("io.quarkus.rest", "HTTP client");
    areas.put("jakarta.ws.rs", "HTTP client");
    areas.put("io.yima", "our own code");
    return areas;
  }

  /** Runs the work while a process is sampled. */
  static Profile during(ProcessHandle process, Path directory, Runnable work) {
    Path file = directory.resolve("profile.jfr");
    jcmd(process, "JFR.start", "name=bench", "settings=profile");
    work.run();
    jcmd(process, "JFR.stop", "name=bench", "filename=" + file);
    try {
      return read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void jcmd(ProcessHandle process, String... words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.add(Long.toString(process.pid()));
    command.addAll(List.of(words));
    try {
      Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (jcmd.onExit().join().exitValue() != 0) {
        throw new IllegalStateException("jcmd failed: " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Profile read(Path file) throws IOException {
    Map<String, Long> samples =
        RecordingFile.readAllEvents(file).stream()
            .filter(Profile::isSample)
            .collect(Collectors.groupingBy(Profile::area, Collectors.counting()));
    return new Profile(samples);
  }

  private static boolean isSample(RecordedEvent event) {
    return event.getEventType().getName().equals(EXECUTION) && event.getStackTrace() != null;
  }

  private static String area(RecordedEvent event) {
    for (RecordedFrame frame : event.getStackTrace().getFrames()) {
      String name = frame.getMethod().getType().getName();
      for (Map.Entry<String, String> area : AREAS.entrySet()) {
        if (name.startsWith(area.getKey())) {
          return area.getValue();
        }
      }
    }
    return "threads and other";
  }

  /** Shares, the largest first. */
  String words() {
    double all = samples.values().stream().mapToLong(Long::longValue).sum();
    return samples.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .map(
            area ->
                String.format(
                    Locale.ROOT, "%s %.0f %%", area.getKey(), 100 * area.getValue() / all))
        .collect(Collectors.joining(", "));
  }
}
