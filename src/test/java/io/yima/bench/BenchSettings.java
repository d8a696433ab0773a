package io.yima.bench;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How much is measured, from system properties that begin with {@code bench.}; each may be set by
 * itself, and {@code bench.size} gives what is not.
 *
 * @param full whether the sizes are those that the goals name
 * @param merchants in the database while most is measured
 * @param few merchants in the database for what is compared with that
 * @param refreshes tokens that fall due at once in a round
 * @param backlog tokens that an outage leaves behind
 * @param pairs how often ours and another take turns
 * @param seconds how long a load from outside lasts
 * @param latency of WeChat, where waiting is the limit
 * @param shortLatency of WeChat, where the processor is the limit
 * @param inFlight calls at once
 * @param codes of the application whose packages are streamed
 * @param heap of every contender
 * @param node settings of our nodes, by environment variable: {@code bench.node.} and its name
 * @param only the scenarios to run, by a pattern that their id contains
 * @param publish whether {@code docs/benchmarks.md} gets the outcome
 */
record BenchSettings(
    boolean full,
    int merchants,
    int few,
    int refreshes,
    int backlog,
    int pairs,
    int seconds,
    Duration latency,
    Duration shortLatency,
    int inFlight,
    int codes,
    String heap,
    Map<String, String> node,
    Pattern only,
    boolean publish) {

  private static final String NODE = "bench.node.";

  static BenchSettings fromSystemProperties() {
    boolean full =
        System.getProperty("bench.size", "quick").toLowerCase(Locale.ROOT).equals("full");
    return new BenchSettings(
        full,
        number("bench.merchants", full ? 1_000_000 : 20_000),
        number("bench.few", full ? 10_000 : 2_000),
        number("bench.refreshes", full ? 100_000 : 4_000),
        number("bench.backlog", full ? 62_500 : 5_000),
        number("bench.pairs", full ? 5 : 2),
        number("bench.seconds", full ? 30 : 4),
        Duration.ofMillis(number("bench.latency", 100)),
        Duration.ofMillis(number("bench.latency.short", 5)),
        number("bench.in-flight", 256),
        number("bench.codes", full ? 20_000_000 : 2_000_000),
        System.getProperty("bench.heap", "256m"),
        nodeSettings(number("bench.in-flight", 256)),
        Pattern.compile(System.getProperty("bench.only", "")),
        Boolean.getBoolean("bench.publish"));
  }

  /** Options for Java that every contender gets. */
  List<String> javaOptions() {
    return List.of("-Xmx" + heap);
  }

  /** Rounds before anything counts, so that the JIT compiler has done its work. */
  int warmUp() {
    return Math.max(refreshes / 5, Math.min(refreshes, 5_000));
  }

  boolean includes(String scenario) {
    return only.matcher(scenario).find();
  }

  private static Map<String, String> nodeSettings(int inFlight) {
    Map<String, String> settings = new TreeMap<>();
    // Background work has four fifths of the places.
    settings.put("YIMA_WECHAT_MAX_IN_FLIGHT", Integer.toString(inFlight * 5 / 4));
    // One key from one address stands for all callers of a provider.
    settings.put("YIMA_LIMITS_REQUESTS_PER_KEY", "0");
    settings.put("YIMA_LIMITS_REQUESTS_PER_ADDRESS", "0");
    settings.put("YIMA_LIMITS_OPEN_REQUESTS", "0");
    // So that the alarm for old snapshots can be waited for.
    settings.put("YIMA_DATABASE_SNAPSHOT_ALARM_AFTER", "PT10S");
    System.getProperties()
        .stringPropertyNames()
        .forEach(
            name -> {
              if (name.startsWith(NODE)) {
                settings.put(name.substring(NODE.length()), System.getProperty(name));
              }
            });
    return settings;
  }

  private static int number(String property, int otherwise) {
    return Integer.getInteger(property, otherwise);
  }
}
