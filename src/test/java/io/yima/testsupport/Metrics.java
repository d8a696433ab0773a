package io.yima.testsupport;

import static io.restassured.RestAssured.given;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads metrics as Prometheus scrapes them. */
public final class Metrics {

  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (yima_\\w+) (\\w+)");
  private static final String MAX = "_max";
  private static final String TOTAL = "_total";

  private Metrics() {}

  /** What this test's application exposes. */
  public static String scrape() {
    return given().get("/q/metrics").asString();
  }

  /** A series' value in this test's application; 0 where there is no such series yet. */
  public static double value(String series) {
    return value(scrape(), series);
  }

  /** The value of a series, such as {@code yima_backlog{kind="x",reason="y"}}. */
  public static double value(String scraped, String series) {
    Matcher line = Pattern.compile("(?m)^" + Pattern.quote(series) + " (\\S+)$").matcher(scraped);
    return line.find() ? Double.parseDouble(line.group(1)) : 0;
  }

  /**
   * The names of ours, of counters that of their series; a distribution's largest value belongs to
   * the distribution.
   */
  public static Set<String> names(String scraped) {
    Set<String> names = new TreeSet<>();
    Matcher type = TYPE.matcher(scraped);
    while (type.find()) {
      String name = type.group(1);
      boolean bare = type.group(2).equals("counter") && !name.endsWith(TOTAL);
      names.add(bare ? name + TOTAL : name);
    }
    names.removeIf(
        name ->
            name.endsWith(MAX) && names.contains(name.substring(0, name.length() - MAX.length())));
    return names;
  }
}
