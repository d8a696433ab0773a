package io.yima.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What was asked of the pretend WeChat, and whether two ever asked the same at one instant. */
final class Counters {

  private final Map<String, Long> calls = new TreeMap<>();
  private final Map<String, Long> results = new TreeMap<>();
  private final Map<String, Long> faults = new TreeMap<>();
  private final Map<String, Long> pushes = new TreeMap<>();
  private final Map<String, Long> refreshCalls = new TreeMap<>();
  private final Map<String, Long> refreshes = new TreeMap<>();
  private final Map<String, Long> componentTokens = new TreeMap<>();
  private final Map<String, Integer> exclusive = new HashMap<>();
  private final Map<String, Instant> lastBegan = new HashMap<>();
  private final List<String> overlaps = new ArrayList<>();
  private final CallHistory history = new CallHistory();
  private final Clock clock;
  private long overlappingRefreshes;
  private long overlappingComponentTokens;
  private long applicationsCreated;
  private long duplicateApplyCalls;
  private int inFlight;
  private int maxInFlight;

  Counters(Clock clock) {
    this.clock = clock;
  }

  /** A call has come in; run the result once when its answer goes out or its client has gone. */
  synchronized Runnable begin(Incoming in) {
    calls.merge(in.path(), 1L, Long::sum);
    inFlight++;
    maxInFlight = Math.max(maxInFlight, inFlight);
    String subject = exclusiveSubject(in);
    Instant began = clock.instant();
    Instant formerBegan = subject == null ? null : lastBegan.put(subject, began);
    if (subject != null) {
      history.began(in, began);
    }
    if (subject != null && exclusive.merge(subject, 1, Integer::sum) > 1) {
      overlaps.add(subject + " at " + formerBegan + " and " + began);
      if (in.path().equals(WeChatApi.AUTHORIZER_TOKEN)) {
        overlappingRefreshes++;
      } else {
        overlappingComponentTokens++;
      }
    }
    if (in.path().equals(WeChatApi.AUTHORIZER_TOKEN)) {
      refreshCalls.merge(pair(in), 1L, Long::sum);
    }
    AtomicBoolean ended = new AtomicBoolean();
    return () -> {
      if (ended.compareAndSet(false, true)) {
        end(in, subject);
      }
    };
  }

  private synchronized void end(Incoming in, @Nullable String subject) {
    inFlight--;
    if (subject != null) {
      history.ended(in, clock.instant());
      exclusive.computeIfPresent(subject, (s, count) -> count > 1 ? count - 1 : null);
    }
  }

  /** Only one at a time may ask for these, else one's token kills the other's. */
  private static @Nullable String exclusiveSubject(Incoming in) {
    return switch (in.path()) {
      case WeChatApi.AUTHORIZER_TOKEN -> in.path() + " " + pair(in);
      case WeChatApi.COMPONENT_TOKEN -> in.path() + " " + in.peek("component_appid");
      default -> null;
    };
  }

  private static String pair(Incoming in) {
    return in.peek("component_appid") + "/" + in.peek("authorizer_appid");
  }

  synchronized void refreshed(Incoming in, String token) {
    refreshes.merge(pair(in), 1L, Long::sum);
    history.given(in, token);
  }

  synchronized void componentTokenIssued(Incoming in, String appid, String token) {
    componentTokens.merge(appid, 1L, Long::sum);
    history.given(in, token);
  }

  synchronized void applied(boolean again) {
    if (again) {
      duplicateApplyCalls++;
    } else {
      applicationsCreated++;
    }
  }

  synchronized void result(String path, int errcode) {
    results.merge(path + " " + errcode, 1L, Long::sum);
  }

  synchronized void fault(String kind) {
    faults.merge(kind, 1L, Long::sum);
  }

  synchronized void pushed(String infoType, boolean ok) {
    pushes.merge(infoType + (ok ? " ok" : " failed"), 1L, Long::sum);
  }

  synchronized void reset() {
    // What is in flight stays: those calls will end.
    for (var map :
        List.of(calls, results, faults, pushes, refreshCalls, refreshes, componentTokens)) {
      map.clear();
    }
    overlaps.clear();
    history.clear();
    overlappingRefreshes = 0;
    overlappingComponentTokens = 0;
    applicationsCreated = 0;
    duplicateApplyCalls = 0;
    maxInFlight = inFlight;
  }

  /** Calls for tokens, each with its two instants. */
  synchronized ArrayNode history() {
    return history.view();
  }

  synchronized ObjectNode view() {
    ObjectNode view = Json.object();
    view.set("calls", Json.tree(calls));
    view.set("results", Json.tree(results));
    view.set("refresh_calls", Json.tree(refreshCalls));
    view.set("refreshes", Json.tree(refreshes));
    view.set("component_tokens", Json.tree(componentTokens));
    view.set("pushes", Json.tree(pushes));
    view.set("faults", Json.tree(faults));
    view.set("overlaps", Json.tree(overlaps));
    return view.put("overlapping_refreshes", overlappingRefreshes)
        .put("overlapping_component_tokens", overlappingComponentTokens)
        .put("applications_created", applicationsCreated)
        .put("duplicate_apply_calls", duplicateApplyCalls)
        .put("in_flight", inFlight)
        .put("max_in_flight", maxInFlight);
  }
}
