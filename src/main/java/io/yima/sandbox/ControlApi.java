package io.yima.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yima.sandbox.World.Application;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What tests, the demo and a curious person steer the pretend WeChat with, under /sandbox/. */
final class ControlApi {

  static final String PREFIX = "/sandbox/";

  private final Store store;
  private final ControlTenants tenants;
  private final ControlCodes codes;
  private final ReleaseCheck release;
  private final TicketPusher tickets;
  private final Faults faults;
  private final Counters counters;

  ControlApi(
      Store store,
      ControlTenants tenants,
      ControlCodes codes,
      ReleaseCheck release,
      TicketPusher tickets,
      Faults faults,
      Counters counters) {
    this.store = store;
    this.tenants = tenants;
    this.codes = codes;
    this.release = release;
    this.tickets = tickets;
    this.faults = faults;
    this.counters = counters;
  }

  Answer answer(Incoming in) {
    try {
      return Answer.json(200, route(in));
    } catch (BadControl refused) {
      return Answer.json(
          refused.status(), Json.object().put("error", String.valueOf(refused.getMessage())));
    }
  }

  private JsonNode route(Incoming in) {
    String[] path = in.path().substring(PREFIX.length()).split("/", -1);
    return switch (path.length) {
      case 1 -> top(in, in.method() + " " + path[0]);
      case 2 -> second(in, in.method() + " " + path[0], path[1]);
      case 3 -> third(in, in.method() + " " + path[0] + " " + path[2], path[1]);
      default -> throw unknown(in);
    };
  }

  private JsonNode top(Incoming in, String operation) {
    return switch (operation) {
      case "GET platforms" -> tenants.platforms(in.query().get("component_appid"));
      case "POST platforms" ->
          tenants.registerPlatform(Json.read(in.body(), ControlRequests.RegisterPlatform.class));
      case "GET accounts" -> tenants.accounts(null);
      case "POST accounts" ->
          tenants.registerAccount(Json.read(in.body(), ControlRequests.RegisterAccount.class));
      case "GET applications" -> applications(in.query().get("authorizer_appid"));
      case "POST bar-codes" ->
          codes.barCode(Json.read(in.body(), ControlRequests.RegisterBarCode.class));
      case "POST code-tickets" -> codes.scan(Json.read(in.body(), ControlRequests.Scan.class));
      case "GET settings" -> Json.tree(store.settings());
      case "PUT settings" -> changeSettings(in.body());
      case "GET faults" -> faults.view();
      case "POST faults" -> faults.arm(Json.read(in.body(), FaultRule.class));
      case "DELETE faults" -> {
        faults.clear();
        yield faults.view();
      }
      case "GET counters" -> counters.view();
      case "GET history" -> counters.history();
      case "GET clock" -> clock();
      case "POST clock" -> moveClock(Json.read(in.body(), ControlRequests.MoveClock.class));
      case "DELETE state" -> wipe();
      default -> throw unknown(in);
    };
  }

  private JsonNode second(Incoming in, String operation, String name) {
    return switch (operation) {
      case "POST tickets" ->
          tenants.ticket(name, Json.read(in.body(), ControlRequests.PushTicket.class));
      case "GET accounts" -> tenants.accounts(name);
      case "DELETE faults" -> removeFault(name);
      case "PUT applications" ->
          script(name, Json.read(in.body(), ControlRequests.ScriptApplication.class));
      case "POST counters" -> {
        if (!name.equals("reset")) {
          throw unknown(in);
        }
        counters.reset();
        yield counters.view();
      }
      default -> throw unknown(in);
    };
  }

  private JsonNode third(Incoming in, String operation, String appid) {
    return switch (operation) {
      case "POST accounts authorize" ->
          tenants.authorize(appid, Json.read(in.body(), ControlRequests.Authorize.class), false);
      case "POST accounts update" ->
          tenants.authorize(appid, Json.read(in.body(), ControlRequests.Authorize.class), true);
      case "POST platforms release-check" ->
          release.run(appid, Json.read(in.body(), ControlRequests.CheckRelease.class));
      case "POST accounts unauthorize" ->
          tenants.unauthorize(appid, Json.read(in.body(), ControlRequests.Unauthorize.class));
      default -> throw unknown(in);
    };
  }

  private static BadControl unknown(Incoming in) {
    return new BadControl(404, "the sandbox has no " + in.method() + " " + in.path());
  }

  private JsonNode changeSettings(String body) {
    return store.change(
        w -> {
          w.settings = Json.merge(w.settings, body, Settings.class);
          return Json.tree(w.settings);
        });
  }

  private JsonNode removeFault(String id) {
    if (!id.matches("\\d{1,18}") || !faults.remove(Long.parseLong(id))) {
      throw new BadControl(404, "no such fault: " + id);
    }
    return faults.view();
  }

  private JsonNode clock() {
    Duration offset = store.read(w -> w.clockOffset);
    return Json.object().put("now", store.now().toString()).put("offset", offset.toString());
  }

  private JsonNode moveClock(ControlRequests.MoveClock request) {
    Duration advance = request.advance();
    if (advance == null) {
      throw new BadControl("advance is required, as in PT110M");
    }
    store.change(w -> w.clockOffset = w.clockOffset.plus(advance));
    tickets.tick();
    return clock();
  }

  private JsonNode wipe() {
    store.wipe();
    faults.clear();
    counters.reset();
    return Json.object().put("wiped", true);
  }

  /** All, or those of one account. */
  private JsonNode applications(@Nullable String authorizerAppid) {
    return store.read(
        w -> {
          ArrayNode found = Json.array();
          w.applications.values().stream()
              .filter(a -> authorizerAppid == null || a.authorizerAppid.equals(authorizerAppid))
              .forEach(a -> found.add(view(a)));
          return found;
        });
  }

  private ObjectNode view(Application application) {
    ObjectNode view = (ObjectNode) Json.tree(application);
    return view.put("status", MarketcodeApi.status(application, store.now()));
  }

  /** Gives an application any status or any whole answer; null gives it back to the clock. */
  private JsonNode script(String id, ControlRequests.ScriptApplication request) {
    return store.change(
        w -> {
          Application application =
              id.matches("\\d{1,18}") ? w.applications.get(Long.valueOf(id)) : null;
          if (application == null) {
            throw new BadControl(404, "no such application: " + id);
          }
          application.status = request.status();
          application.answer = object(request.answer());
          return view(application);
        });
  }

  private static @Nullable JsonNode object(@Nullable JsonNode answer) {
    if (answer == null || answer.isNull()) {
      return null;
    }
    if (!answer.isObject()) {
      throw new BadControl("answer must be a JSON object");
    }
    return answer;
  }
}
