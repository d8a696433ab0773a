package io.yima.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yima.sandbox.World.Authorization;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Set;

/** Counts each merchant's calls a day, and tells about them: {@code openapi/quota/get}. */
final class QuotaApi {

  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
  private static final Set<String> COUNTED =
      Set.of(
          "/intp/marketcode/applycode",
          "/intp/marketcode/applycodequery",
          "/intp/marketcode/applycodedownload",
          "/intp/marketcode/codeactive",
          "/intp/marketcode/codeactivequery",
          "/intp/marketcode/tickettocode");

  private final Store store;

  QuotaApi(Store store) {
    this.store = store;
  }

  /** The day's quota is the merchant's own, whichever platform calls. */
  static void count(World w, Authorization merchant, String path, Instant now) {
    beginDay(w, now);
    String key = key(merchant, path);
    long used = w.callsOfDay.getOrDefault(key, 0L);
    if (used >= w.settings.limitOfDay()) {
      throw new Refusal(45009, "reach max api daily quota limit");
    }
    w.callsOfDay.put(key, used + 1);
  }

  ObjectNode get(Incoming in) {
    return store.change(
        w -> {
          Instant now = store.now();
          Authorization merchant =
              AccessTokens.requireAuthorizer(w, in.query().get("access_token"), now);
          String path = Body.of(in).text("cgi_path");
          if (!path.startsWith("/")) {
            throw new Refusal(76003, "cgi_path not correct, please check");
          }
          if (path.startsWith("/sns/")) {
            throw new Refusal(76022, "could not use this cgi_path, no permission");
          }
          if (!COUNTED.contains(path)) {
            throw new Refusal(76021, "cgi_path not found, please check");
          }
          beginDay(w, now);
          long limit = w.settings.limitOfDay();
          long used = w.callsOfDay.getOrDefault(key(merchant, path), 0L);
          ObjectNode answer = Json.object().put("errcode", 0).put("errmsg", "ok");
          answer
              .putObject("quota")
              .put("daily_limit", limit)
              .put("used", used)
              .put("remain", Math.max(0, limit - used));
          return answer;
        });
  }

  private static void beginDay(World w, Instant now) {
    String day = LocalDate.ofInstant(now, SHANGHAI).toString();
    if (!day.equals(w.day)) {
      w.day = day;
      w.callsOfDay.clear();
    }
  }

  private static String key(Authorization merchant, String path) {
    return merchant.authorizerAppid + path;
  }
}
