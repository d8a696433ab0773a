package io.yima.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yima.sandbox.SandboxCodes.Place;
import io.yima.sandbox.World.Application;
import io.yima.sandbox.World.Authorization;
import io.yima.sandbox.World.BarCode;
import io.yima.sandbox.World.BoundRange;
import io.yima.sandbox.World.CodeTicket;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The use of codes: {@code codeactive}, {@code codeactivequery} and {@code tickettocode}. */
final class ActivationApi {

  private static final int BAD_ARGUMENT = 40097;
  private static final int UNDER_REVIEW = 1;

  private final Store store;

  ActivationApi(Store store) {
    this.store = store;
  }

  /** Binds a range; one that is bound already is bound anew, or refused, as the setting says. */
  ObjectNode activate(Incoming in) {
    boolean known =
        store.change(
            w -> {
              Instant now = store.now();
              Authorization merchant = MarketcodeApi.authenticate(w, in, now);
              Body body = Body.of(in);
              Application application = application(w, merchant, body.whole("application_id"));
              BoundRange wanted = wanted(body, now);
              check(w, application, wanted, now);
              boolean registered = isRegistered(w, wanted.productCode, now);
              if (registered) {
                application.bound.add(wanted);
              }
              return registered;
            });
    if (!known) {
      throw new Refusal(
          UNDER_REVIEW,
          "product_code is not registered at the article numbering centre;"
              + " it is submitted for review, please retry after 24 hours");
    }
    return ok();
  }

  /** By its place, its nine characters or its address. */
  ObjectNode query(Incoming in) {
    return store.change(
        w -> {
          Authorization merchant = MarketcodeApi.authenticate(w, in, store.now());
          Body body = Body.of(in);
          Place place = place(body);
          if (place == null) {
            throw new Refusal(BAD_ARGUMENT, "invalid args: code not found");
          }
          Application application = application(w, merchant, place.applicationId());
          if (place.codeIndex() < 0 || place.codeIndex() >= application.codeCount) {
            throw new Refusal(BAD_ARGUMENT, "invalid args: code_index");
          }
          BoundRange bound = application.boundAt(place.codeIndex());
          if (bound == null && w.settings.inactiveCode().equals("error")) {
            throw new Refusal(BAD_ARGUMENT, "invalid args: code is not active");
          }
          ObjectNode answer = describe(application, place, bound);
          return bound == null ? answer : answer.put("wxa_type", bound.wxaType);
        });
  }

  /** The code behind a scan; both of its parameters fail with one number. */
  ObjectNode exchange(Incoming in) {
    return store.change(
        w -> {
          Instant now = store.now();
          Authorization merchant = MarketcodeApi.authenticate(w, in, now);
          Body body = Body.of(in);
          String openid = body.text("openid", BAD_ARGUMENT);
          CodeTicket ticket = w.codeTickets.get(body.text("code_ticket", BAD_ARGUMENT));
          if (w.codeTickets.values().stream().noneMatch(known -> known.openid.equals(openid))) {
            throw new Refusal(BAD_ARGUMENT, "invalid openid");
          }
          if (ticket == null || !ticket.openid.equals(openid) || !now.isBefore(ticket.expiresAt)) {
            throw new Refusal(BAD_ARGUMENT, "invalid code_ticket");
          }
          Application application = application(w, merchant, ticket.applicationId);
          Place place = new Place(ticket.applicationId, ticket.codeIndex);
          return describe(application, place, application.boundAt(ticket.codeIndex));
        });
  }

  private static void check(World w, Application application, BoundRange wanted, Instant now) {
    if (!MarketcodeApi.status(application, now).equals("FINISH")) {
      throw new Refusal(BAD_ARGUMENT, "invalid args: application not finished");
    }
    if (wanted.codeStart < 0
        || wanted.codeEnd < wanted.codeStart
        || wanted.codeEnd >= application.codeCount) {
      throw new Refusal(BAD_ARGUMENT, "invalid args: code_start or code_end");
    }
    if (w.settings.reactivation().equals("error")
        && application.bound.stream().anyMatch(wanted::overlaps)) {
      throw new Refusal(BAD_ARGUMENT, "invalid args: code is active already");
    }
  }

  /** A bar code that nobody knows is submitted for review, and known when that has passed. */
  private static boolean isRegistered(World w, String productCode, Instant now) {
    BarCode unknown = w.unknownBarCodes.get(productCode);
    if (unknown == null) {
      return true;
    }
    if (unknown.reviewedAt == null) {
      unknown.reviewedAt = now.plus(w.settings.barCodeReview());
    }
    return !now.isBefore(unknown.reviewedAt);
  }

  private static BoundRange wanted(Body body, Instant now) {
    BoundRange wanted = new BoundRange();
    wanted.codeStart = body.whole("code_start");
    wanted.codeEnd = body.whole("code_end");
    wanted.activityName = body.text("activity_name");
    wanted.productBrand = body.text("product_brand");
    wanted.productTitle = body.text("product_title");
    wanted.productCode = body.text("product_code");
    wanted.wxaAppid = body.text("wxa_appid");
    wanted.wxaPath = body.text("wxa_path");
    wanted.wxaType = body.json().has("wxa_type") ? (int) body.whole("wxa_type") : 0;
    wanted.at = now;
    return wanted;
  }

  /** 0 is an index like any other: only a field that is missing is missing. */
  private static @Nullable Place place(Body body) {
    String code = body.optional("code");
    String url = body.optional("code_url");
    if (body.json().has("application_id") || (code == null && url == null)) {
      return new Place(body.whole("application_id"), body.whole("code_index"));
    }
    return code == null ? SandboxCodes.ofUrl(String.valueOf(url)) : SandboxCodes.ofCode(code);
  }

  private static Application application(World w, Authorization merchant, long id) {
    Application application = w.applications.get(id);
    if (application == null || !application.authorizerAppid.equals(merchant.authorizerAppid)) {
      throw new Refusal(BAD_ARGUMENT, "invalid args: application not found");
    }
    return application;
  }

  private static ObjectNode describe(
      Application application, Place place, @Nullable BoundRange bound) {
    ObjectNode answer =
        ok().put("code", SandboxCodes.code(place))
            .put("application_id", application.applicationId)
            .put("isv_application_id", application.isvApplicationId);
    if (bound == null) {
      return answer;
    }
    return answer
        .put("activity_name", bound.activityName)
        .put("product_brand", bound.productBrand)
        .put("product_title", bound.productTitle)
        .put("product_code", bound.productCode)
        .put("wxa_appid", bound.wxaAppid)
        .put("wxa_path", bound.wxaPath)
        .put("code_start", bound.codeStart)
        .put("code_end", bound.codeEnd);
  }

  private static ObjectNode ok() {
    return Json.object().put("errcode", 0).put("errmsg", "ok");
  }
}
