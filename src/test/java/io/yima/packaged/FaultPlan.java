package io.yima.packaged;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What goes wrong in one round, in which order, when and to whom: all of it drawn from a seed
 * before anything happens, so that a seed and a round's number bring the same plan again.
 */
record FaultPlan(List<Step> steps) {

  static final int NODES = 2;

  private static final String REFRESH = "/cgi-bin/component/api_authorizer_token";
  private static final String ORDER = "/intp/marketcode/applycode";
  private static final String ANYTHING = "/*";

  /** What befalls nodes and database. */
  enum Kind {
    KILLED("a node killed with kill -9, and started again"),
    STOPPED("a node stopped with SIGTERM, and started again"),
    PAUSED("a node stopped with SIGSTOP for longer than its leases, then SIGCONT"),
    CRASHED("PostgreSQL ended by pg_ctl stop -m immediate, and started again"),
    CUT("connections cut after COMMIT was sent and before it was answered");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /**
   * What WeChat does meanwhile, to so many of the next calls of an interface. Few to any: where
   * only the component token is asked for, by one call each half a minute, these have to end as
   * well.
   */
  enum WeChatFault {
    SILENT("timeout", REFRESH, 2, Map.of()),
    RESET("reset", ANYTHING, 4, Map.of()),
    HTTP_500("http", ANYTHING, 4, Map.of("status", 500)),
    NO_JSON("broken_body", ANYTHING, 4, Map.of()),
    CUT_SHORT("truncated_body", REFRESH, 3, Map.of()),
    ANSWER_LOST("lost_answer", REFRESH, 3, Map.of()),
    ORDER_LOST("lost_answer", ORDER, 3, Map.of()),
    ORDER_HELD("lost_answer", ORDER, 1, Map.of("hold", true)),
    LATE("delay", REFRESH, 2, Map.of("delay_ms", 3_000)),
    BUSY("errcode", REFRESH, 20, Map.of("errcode", -1));

    private final String kind;
    private final String path;
    private final int times;
    private final Map<String, ?> more;

    WeChatFault(String kind, String path, int times, Map<String, ?> more) {
      this.kind = kind;
      this.path = path;
      this.times = times;
      this.more = more;
    }

    int times() {
      return times;
    }

    Map<String, ?> rule() {
      Map<String, Object> rule = new HashMap<>(more);
      rule.put("kind", kind);
      rule.put("path", path);
      rule.put("times", times);
      return rule;
    }
  }

  /**
   * @param node whom it befalls, where it befalls one
   * @param meanwhile what WeChat begins to do just before
   * @param after how long to wait before it happens
   * @param lasts how long it lasts, where it lasts
   * @param times how often, where it happens more than once
   */
  record Step(
      Kind kind,
      int node,
      List<WeChatFault> meanwhile,
      Duration after,
      Duration lasts,
      int times) {}

  /** Every kind once, and everything that WeChat does once. */
  static FaultPlan of(long seed, int round, Duration lease) {
    Random random = new Random(seed * 1_000_003L + round);
    List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
    Collections.shuffle(kinds, random);
    List<WeChatFault> faults = new ArrayList<>(List.of(WeChatFault.values()));
    Collections.shuffle(faults, random);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < kinds.size(); i++) {
      Kind kind = kinds.get(i);
      int each = faults.size() / kinds.size();
      steps.add(
          new Step(
              kind,
              random.nextInt(NODES),
              List.copyOf(faults.subList(i * each, (i + 1) * each)),
              Duration.ofMillis(random.nextInt(1_500)),
              kind == Kind.PAUSED
                  ? lease.plusMillis(random.nextInt(3_000))
                  : Duration.ofMillis(random.nextInt(1_500)),
              kind == Kind.CUT ? 4 : 1));
    }
    return new FaultPlan(List.copyOf(steps));
  }
}
