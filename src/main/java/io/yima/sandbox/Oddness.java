package io.yima.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes answers as odd as the real ones: JSON called text/plain, no errcode on success of most
 * calls, a rid in error texts. Which answer is odd in which way follows from counters alone.
 */
final class Oddness {

  private final Store store;
  private final Map<String, AtomicLong> turns = new ConcurrentHashMap<>();
  private final AtomicLong rids = new AtomicLong();

  Oddness(Store store) {
    this.store = store;
  }

  /** How often this was asked before, per subject. */
  long turn(String subject) {
    return turns.computeIfAbsent(subject, s -> new AtomicLong()).getAndIncrement();
  }

  /** Whether this is an n-th time, and oddness is on. */
  boolean everyNth(String subject, int n) {
    return store.settings().odd() && turn(subject) % n == n - 1;
  }

  Answer success(ObjectNode payload) {
    if (store.settings().odd()) {
      return new Answer(200, "text/plain", Json.write(payload), Map.of());
    }
    ObjectNode plain = Json.object().put("errcode", 0).put("errmsg", "ok");
    plain.setAll(payload);
    return Answer.json(200, plain);
  }

  Answer refusal(int errcode, String errmsg) {
    ObjectNode body = Json.object().put("errcode", errcode).put("errmsg", errmsg + " " + rid());
    return store.settings().odd()
        ? new Answer(200, "text/plain", Json.write(body), Map.of())
        : Answer.json(200, body);
  }

  private String rid() {
    Instant now = store.now();
    long count = rids.incrementAndGet();
    return String.format(
        "rid: %08x-%08x-%08x", now.getEpochSecond(), count, count * 2654435761L & 0xffffffffL);
  }
}
