package io.yima.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yima.sandbox.World.Account;
import io.yima.sandbox.World.Application;
import io.yima.sandbox.World.Authorization;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Orders of marketing codes: {@code applycode}, {@code applycodequery}, their codes. */
final class MarketcodeApi {

  static final int PERMISSION_SET = 46;
  private static final int SERVICE_ACCOUNT = 2;
  private static final long LEAST = 10_000;
  private static final long MOST = 20_000_000;
  private static final int LONGEST_ID = 128;
  private static final long MOST_AT_ONCE = 200_000;

  /** What to hand out, once the lock is free again. */
  private record Wanted(
      long applicationId, long codeStart, long codeEnd, String key, int padding) {}

  private final Store store;
  private final Counters counters;
  private final Oddness oddness;

  MarketcodeApi(Store store, Counters counters, Oddness oddness) {
    this.store = store;
    this.counters = counters;
    this.oddness = oddness;
  }

  /** The same isv_application_id always means the same application. */
  ObjectNode apply(Incoming in) {
    Application application =
        store.change(
            w -> {
              Instant now = store.now();
              Authorization merchant = authenticate(w, in, now);
              Body body = Body.of(in);
              long count = body.whole("code_count");
              String isvId = body.text("isv_application_id");
              if (isvId.codePointCount(0, isvId.length()) > LONGEST_ID) {
                throw new Refusal(40002, "isv_application_id is too long");
              }
              if (count < LEAST || count > MOST || count % LEAST != 0) {
                throw new Refusal(40002, "invalid code_count");
              }
              return findOrCreate(w, merchant, isvId, count, now);
            });
    counters.applied(application.applyCalls > 1);
    ObjectNode answer = Json.object().put("errcode", 0).put("errmsg", "ok");
    putId(answer, application.applicationId);
    return answer;
  }

  private Application findOrCreate(
      World w, Authorization merchant, String isvId, long count, Instant now) {
    String key = key(w, merchant, isvId);
    Long id = w.applicationIdsByIsvId.get(key);
    Application application = id == null ? null : w.applications.get(id);
    if (application == null) {
      application = new Application();
      application.applicationId = w.nextApplicationId++;
      application.isvApplicationId = isvId;
      application.componentAppid = merchant.componentAppid;
      application.authorizerAppid = merchant.authorizerAppid;
      application.codeCount = count;
      application.createdAt = now;
      application.processingAt = now.plus(w.settings.initTime());
      application.finishAt = application.processingAt.plus(w.settings.processingTime());
      w.applications.put(application.applicationId, application);
      w.applicationIdsByIsvId.put(key, application.applicationId);
    } else if (application.codeCount != count && w.settings.sameIdOtherCount().equals("error")) {
      throw new Refusal(40002, "isv_application_id exists with another code_count");
    }
    application.applyCalls++;
    return application;
  }

  /** Either id alone will do. */
  ObjectNode query(Incoming in) {
    return store.change(
        w -> {
          Instant now = store.now();
          Authorization merchant = authenticate(w, in, now);
          Application application = find(w, merchant, Body.of(in));
          application.queryCalls++;
          if (application.answer instanceof ObjectNode scripted) {
            return scripted.deepCopy();
          }
          return describe(w, application, now);
        });
  }

  /** Any part of a finished application that is not too wide. */
  ObjectNode download(Incoming in) {
    Wanted wanted = store.change(w -> wanted(w, in));
    return Json.object()
        .put("errcode", 0)
        .put("errmsg", "ok")
        .put(
            "buffer",
            CodePackage.of(
                wanted.applicationId(),
                wanted.codeStart(),
                wanted.codeEnd(),
                wanted.key(),
                wanted.padding()));
  }

  private Wanted wanted(World w, Incoming in) {
    Instant now = store.now();
    Authorization merchant = authenticate(w, in, now);
    Body body = Body.of(in);
    long start = body.whole("code_start");
    long end = body.whole("code_end");
    Long id = applicationId(body.json().get("application_id"));
    Application application = id == null ? null : w.applications.get(id);
    if (application == null
        || !application.authorizerAppid.equals(merchant.authorizerAppid)
        || !status(application, now).equals("FINISH")) {
      throw new Refusal(40097, "invalid args: no such finished application");
    }
    if (start < 0 || end < start || end >= application.codeCount || end - start >= MOST_AT_ONCE) {
      throw new Refusal(40097, "invalid args: code_start or code_end");
    }
    application.downloadCalls++;
    String key = account(w, merchant).codeKey;
    return new Wanted(application.applicationId, start, end, key, w.settings.codePadding());
  }

  private static Application find(World w, Authorization merchant, Body body) {
    Long id = applicationId(body.json().get("application_id"));
    String isvId = body.optional("isv_application_id");
    if (id == null && isvId == null) {
      throw new Refusal(47001, "application_id or isv_application_id missing");
    }
    Long byIsvId = isvId == null ? id : w.applicationIdsByIsvId.get(key(w, merchant, isvId));
    Application application =
        byIsvId == null ? null : w.applications.get(id == null ? byIsvId : id);
    if (application == null
        || !Objects.equals(byIsvId, application.applicationId)
        || !application.authorizerAppid.equals(merchant.authorizerAppid)) {
      throw new Refusal(40097, "invalid args: application not found");
    }
    return application;
  }

  /** WeChat's table says number, its example is a string: both are taken. */
  private static @Nullable Long applicationId(@Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return null;
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    if (node.isTextual() && node.textValue().matches("\\d{1,18}")) {
      return Long.valueOf(node.textValue());
    }
    throw new Refusal(47001, "data format error: application_id");
  }

  private ObjectNode describe(World w, Application application, Instant now) {
    String status = status(application, now);
    ObjectNode answer = Json.object().put("errcode", 0).put("errmsg", "ok").put("status", status);
    answer.set(
        "code_generate_list",
        status.equals("FINISH") ? ranges(application, w.settings.rangeSize()) : Json.array());
    // WeChat's own example has neither ids nor times.
    long turn = w.settings.odd() ? oddness.turn("applycodequery") % 4 : 0;
    if (turn != 1) {
      putId(answer, application.applicationId);
      answer.put("isv_application_id", application.isvApplicationId);
      long created = application.createdAt.getEpochSecond();
      long updated = updatedAt(application, now).getEpochSecond();
      if (turn == 2) {
        answer.put("create_time", Long.toString(created));
        answer.put("update_time", Long.toString(updated));
      } else {
        answer.put("create_time", created);
        answer.put("update_time", updated);
      }
    }
    return answer;
  }

  /** INIT, then PROCESSING, then FINISH as time goes by, or whatever a test has written. */
  static String status(Application application, Instant now) {
    if (application.status != null) {
      return application.status;
    }
    if (now.isBefore(application.processingAt)) {
      return "INIT";
    }
    return now.isBefore(application.finishAt) ? "PROCESSING" : "FINISH";
  }

  private static Instant updatedAt(Application application, Instant now) {
    if (now.isBefore(application.processingAt)) {
      return application.createdAt;
    }
    return now.isBefore(application.finishAt) ? application.processingAt : application.finishAt;
  }

  private static ArrayNode ranges(Application application, long size) {
    ArrayNode ranges = Json.array();
    for (long start = 0; start < application.codeCount; start += size) {
      ranges
          .addObject()
          .put("code_start", start)
          .put("code_end", Math.min(start + size, application.codeCount) - 1);
    }
    return ranges;
  }

  private void putId(ObjectNode answer, long id) {
    if (oddness.everyNth("application_id", store.settings().stringIdEvery())) {
      answer.put("application_id", Long.toString(id));
    } else {
      answer.put("application_id", id);
    }
  }

  private static String key(World w, Authorization merchant, String isvId) {
    String scope =
        w.settings.isvScope().equals("platform")
            ? merchant.componentAppid
            : World.pair(merchant.componentAppid, merchant.authorizerAppid);
    return scope + "\n" + isvId;
  }

  /** The gates: the set granted to the platform, the account's feature, the day's quota. */
  static Authorization authenticate(World w, Incoming in, Instant now) {
    Authorization merchant = AccessTokens.requireAuthorizer(w, in.query().get("access_token"), now);
    if (!merchant.permissionSets.contains(PERMISSION_SET)) {
      throw new Refusal(61007, "api is unauthorized to component");
    }
    Account account = account(w, merchant);
    if (account.miniProgram
        || account.serviceType != SERVICE_ACCOUNT
        || !account.features.contains("marketcode")) {
      throw new Refusal(48001, "api unauthorized");
    }
    if (account.accountStatus != 1 && account.accountStatus != 18) {
      throw new Refusal(50002, "user limited");
    }
    QuotaApi.count(w, merchant, in.path(), now);
    return merchant;
  }

  private static Account account(World w, Authorization merchant) {
    Account account = w.accounts.get(merchant.authorizerAppid);
    if (account == null) {
      throw new Refusal(48001, "api unauthorized");
    }
    return account;
  }
}
