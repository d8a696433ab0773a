package io.yima.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;

/**
 * Every call for a token in the order of arrival: for whom, by what name its caller knew this
 * sandbox (which tells callers apart that were given different ones), when it began and ended, and
 * the token it was given, if WeChat did its work. The eldest are forgotten. Not thread-safe.
 */
final class CallHistory {

  private static final int MOST = 100_000;

  /** So many ended calls may still be worked on: their callers hung up before. */
  private static final int LATE = 1_000;

  private final Deque<ObjectNode> calls = new ArrayDeque<>();
  private final IdentityHashMap<Incoming, ObjectNode> byRequest = new IdentityHashMap<>();
  private final Deque<Incoming> late = new ArrayDeque<>();

  void began(Incoming in, Instant at) {
    ObjectNode call =
        Json.object()
            .put("path", in.path())
            .put("component_appid", in.peek("component_appid"))
            .put("authorizer_appid", in.peek("authorizer_appid"))
            .put("host", in.header("host"))
            .put("began", at.toString());
    byRequest.put(in, call);
    calls.add(call);
    if (calls.size() > MOST) {
      calls.removeFirst();
    }
  }

  void given(Incoming in, String token) {
    ObjectNode call = byRequest.get(in);
    if (call != null) {
      call.put("token", token);
    }
  }

  void ended(Incoming in, Instant at) {
    ObjectNode call = byRequest.get(in);
    if (call == null) {
      return;
    }
    call.put("ended", at.toString());
    late.add(in);
    if (late.size() > LATE) {
      byRequest.remove(late.removeFirst());
    }
  }

  /** A call that is still open has no end. */
  ArrayNode view() {
    ArrayNode view = Json.array();
    calls.forEach(call -> view.add(call.deepCopy()));
    return view;
  }

  void clear() {
    calls.clear();
  }
}
