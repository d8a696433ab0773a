package io.yima.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The faults in force; the first that matches a call takes it. Not kept over a restart. */
final class Faults {

  private final Counters counters;
  private final List<Armed> armed = new ArrayList<>();
  private long lastId;

  Faults(Counters counters) {
    this.counters = counters;
  }

  private static final class Armed {
    private final long id;
    private final FaultRule rule;
    private final SplittableRandom random;
    private int used;

    private Armed(long id, FaultRule rule) {
      this.id = id;
      this.rule = rule;
      this.random = new SplittableRandom(rule.seed() == null ? 1 : rule.seed());
    }

    private boolean spent() {
      return rule.times() != null && used >= rule.times();
    }

    private boolean strikes(String path, Set<String> appids) {
      if (spent() || !rule.covers(path)) {
        return false;
      }
      if (rule.appid() != null && !appids.contains(rule.appid())) {
        return false;
      }
      return rule.probability() == null || random.nextDouble() < rule.probability();
    }

    private ObjectNode view() {
      ObjectNode view = Json.object().put("id", id).put("used", used).put("spent", spent());
      view.set("rule", Json.tree(rule));
      return view;
    }
  }

  synchronized ObjectNode arm(FaultRule rule) {
    Armed added = new Armed(++lastId, rule);
    armed.add(added);
    return added.view();
  }

  synchronized @Nullable FaultRule take(String path, Set<String> appids) {
    for (Armed candidate : armed) {
      if (candidate.strikes(path, appids)) {
        candidate.used++;
        counters.fault(String.valueOf(candidate.rule.kind()).toLowerCase(Locale.ROOT));
        return candidate.rule;
      }
    }
    return null;
  }

  synchronized ArrayNode view() {
    ArrayNode all = Json.array();
    armed.forEach(a -> all.add(a.view()));
    return all;
  }

  synchronized void clear() {
    armed.clear();
    notifyAll();
  }

  synchronized boolean remove(long id) {
    boolean removed = armed.removeIf(a -> a.id == id);
    notifyAll();
    return removed;
  }

  /** Waits until no such rule is in force any more; false when the sandbox closes before. */
  synchronized boolean awaitEnd(FaultRule rule) {
    try {
      while (armed.stream().anyMatch(a -> a.rule.equals(rule))) {
        wait();
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
