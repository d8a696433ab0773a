package io.yima.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yima.sandbox.World.Platform;
import io.yima.sandbox.World.PreAuthCode;
import io.yima.sandbox.World.Ticket;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The calls by which a platform proves itself: ticket push, component token, pre-auth code. */
final class ComponentApi {

  private final Store store;
  private final Counters counters;

  ComponentApi(Store store, Counters counters) {
    this.store = store;
    this.counters = counters;
  }

  /** {@code api_start_push_ticket}: takes component_secret, not component_appsecret. */
  ObjectNode startPushTicket(Incoming in) {
    Body body = Body.of(in);
    String appid = body.text("component_appid", 41018);
    String secret = body.text("component_secret", 41004);
    boolean started =
        store.change(
            w -> {
              Platform platform = requireSecret(w, appid, secret);
              boolean was = platform.ticketPushing;
              platform.ticketPushing = true;
              if (!was) {
                platform.nextTicketAt = store.now();
              }
              return !was;
            });
    return Json.object()
        .put("errcode", 0)
        .put("errmsg", started ? "ok, push ticket started" : "ok, push ticket already on");
  }

  /** {@code api_component_token}: a new token, and the end of the former. */
  ObjectNode componentToken(Incoming in) {
    Body body = Body.of(in);
    String appid = body.text("component_appid", 41018);
    String secret = body.text("component_appsecret", 41004);
    String ticket = body.optional("component_verify_ticket");
    ObjectNode answer =
        store.change(
            w -> {
              Platform platform = requireSecret(w, appid, secret);
              Instant now = store.now();
              requireTicket(w, platform, ticket, now);
              return Json.object()
                  .put("component_access_token", AccessTokens.issue(w, platform, now))
                  .put("expires_in", w.settings.componentTokenLife().toSeconds());
            });
    counters.componentTokenIssued(in, appid, answer.path("component_access_token").asText());
    return answer;
  }

  /** {@code api_create_preauthcode}. */
  ObjectNode createPreAuthCode(Incoming in) {
    return store.change(
        w -> {
          Instant now = store.now();
          Platform platform = authenticate(w, in, now);
          w.forgetOldCodes(now);
          PreAuthCode code = new PreAuthCode();
          code.componentAppid = platform.componentAppid;
          code.expiresAt = now.plus(w.settings.preAuthCodeLife());
          String value = Mint.preAuthCode();
          w.preAuthCodes.put(value, code);
          return Json.object()
              .put("pre_auth_code", value)
              .put("expires_in", w.settings.preAuthCodeLife().toSeconds());
        });
  }

  /** The platform whose component token is shown; the body must name the same one. */
  static Platform authenticate(World world, Incoming in, Instant now) {
    Platform platform = AccessTokens.requireComponent(world, in.componentToken(), now);
    String appid = Body.of(in).text("component_appid", 41018);
    if (!world.platforms.containsKey(appid)) {
      throw new Refusal(61011, "invalid component");
    }
    if (!appid.equals(platform.componentAppid)) {
      throw new Refusal(49001, "appid does not match the access_token");
    }
    return platform;
  }

  private static Platform requireSecret(World world, String appid, String secret) {
    Platform platform = world.platforms.get(appid);
    if (platform == null) {
      throw new Refusal(61011, "invalid component");
    }
    if (secret.length() != platform.componentAppsecret.length()) {
      throw new Refusal(40125, "invalid appsecret");
    }
    if (!secret.equals(platform.componentAppsecret)) {
      throw new Refusal(40001, "invalid credential, appsecret is wrong");
    }
    return platform;
  }

  private static void requireTicket(
      World world, Platform platform, @Nullable String value, Instant now) {
    for (Ticket ticket : platform.tickets) {
      if (ticket.value().equals(value)) {
        if (!now.isBefore(ticket.pushedAt().plus(world.settings.ticketLife()))) {
          throw new Refusal(61005, "component ticket is expired");
        }
        return;
      }
    }
    throw new Refusal(61006, "component ticket is invalid");
  }
}
