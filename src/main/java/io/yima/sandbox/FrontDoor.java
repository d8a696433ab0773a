package io.yima.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yima.sandbox.World.AccessToken;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Leads each request to its room, through the faults and the latency that are set. */
final class FrontDoor {

  private static final Logger LOG = Logger.getLogger(FrontDoor.class.getName());

  private final Store store;
  private final Rooms rooms;
  private final Faults faults;
  private final Counters counters;
  private final Oddness oddness;
  private final Background background;

  /** Where the doors lead. */
  record Rooms(WeChatApi api, AuthorizationPage page, ControlApi control) {}

  FrontDoor(
      Store store,
      Rooms rooms,
      Faults faults,
      Counters counters,
      Oddness oddness,
      Background background) {
    this.store = store;
    this.rooms = rooms;
    this.faults = faults;
    this.counters = counters;
    this.oddness = oddness;
    this.background = background;
  }

  void serve(Incoming in, Responder responder) {
    if (in.path().startsWith(ControlApi.PREFIX)) {
      responder.send(guarded(in, () -> rooms.control().answer(in)));
      return;
    }
    FaultRule fault = faults.take(in.path(), appids(in));
    Duration latency = store.settings().latency();
    if (fault != null && fault.delayMs() != null) {
      latency = latency.plusMillis(fault.delayMs());
    }
    // Half on the way here, half on the way back.
    Duration half = latency.dividedBy(2);
    background.after(half, () -> work(in, responder, fault, half));
  }

  private void work(Incoming in, Responder responder, @Nullable FaultRule fault, Duration wayBack) {
    FaultRule.Kind kind = fault == null ? null : fault.kind();
    if (fault == null || kind == null) {
      Answer answer = answer(in);
      background.after(wayBack, () -> responder.send(answer));
      return;
    }
    switch (kind) {
      case ERRCODE -> responder.send(refusal(in, fault));
      case HTTP ->
          responder.send(
              Answer.html(
                  fault.status() == null ? 500 : fault.status(),
                  "<html><body><h1>Server Error</h1></body></html>"));
      case RESET -> responder.reset();
      case TIMEOUT -> LOG.fine("holding a call without an answer");
      case HELD -> {
        if (faults.awaitEnd(fault)) {
          responder.send(answer(in));
        }
      }
      default -> {
        Answer answer = answer(in);
        background.after(wayBack, () -> spoil(responder, kind, fault, answer));
      }
    }
  }

  private static void spoil(
      Responder responder, FaultRule.Kind kind, FaultRule fault, Answer answer) {
    switch (kind) {
      case BROKEN_BODY ->
          responder.send(
              new Answer(200, answer.contentType(), "{\"errcode\":0,\"errmsg\":\"ok", Map.of()));
      case TRUNCATED_BODY -> responder.truncate(answer);
      case ANSWER -> responder.send(Rewriting.of(fault).applied(answer));
      case LOST_ANSWER -> {
        if (!Boolean.TRUE.equals(fault.hold())) {
          responder.reset();
        }
      }
      default -> responder.send(answer);
    }
  }

  private Answer refusal(Incoming in, FaultRule fault) {
    int errcode = fault.errcode() == null ? -1 : fault.errcode();
    counters.result(in.path(), errcode);
    return oddness.refusal(errcode, fault.errmsg() == null ? "system error" : fault.errmsg());
  }

  private Answer answer(Incoming in) {
    if (AuthorizationPage.serves(in.path())) {
      return guarded(in, () -> rooms.page().answer(in));
    }
    Answer answer = guarded(in, () -> rooms.api().answer(in));
    if (Json.parse(answer.body()) instanceof ObjectNode body) {
      JsonNode errcode = body.path("errcode");
      counters.result(in.path(), errcode.asInt(0));
    }
    return answer;
  }

  private static Answer guarded(Incoming in, Supplier<Answer> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      LOG.log(Level.SEVERE, e, () -> "the sandbox failed at " + in.path());
      return Answer.text(500, "the sandbox failed: " + e);
    }
  }

  /** Whom a call concerns: the ids in its body and the owner of its token. */
  private Set<String> appids(Incoming in) {
    Set<String> appids = new HashSet<>();
    for (String field : new String[] {"component_appid", "authorizer_appid"}) {
      String value = in.peek(field);
      if (value != null) {
        appids.add(value);
      }
    }
    AccessToken token = store.read(w -> w.tokens.get(String.valueOf(in.componentToken())));
    if (token != null) {
      appids.add(token.componentAppid);
      if (token.authorizerAppid != null) {
        appids.add(token.authorizerAppid);
      }
    }
    return appids;
  }
}
