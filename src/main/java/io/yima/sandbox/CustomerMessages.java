package io.yima.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code message/custom/send}: texts that platforms send to followers, who wait for them here. */
final class CustomerMessages {

  /** Message management of accounts, and of mini programs. */
  private static final int OF_ACCOUNTS = 1;

  private static final int OF_MINI_PROGRAMS = 17;

  private final Store store;
  private final ConcurrentHashMap<String, BlockingQueue<String>> waiting =
      new ConcurrentHashMap<>();

  CustomerMessages(Store store) {
    this.store = store;
  }

  ObjectNode send(Incoming in) {
    Instant now = store.now();
    store.read(
        w -> {
          World.Authorization merchant =
              AccessTokens.requireAuthorizer(w, in.query().get("access_token"), now);
          if (!merchant.permissionSets.contains(OF_ACCOUNTS)
              && !merchant.permissionSets.contains(OF_MINI_PROGRAMS)) {
            throw new Refusal(61007, "api is unauthorized to component");
          }
          return merchant;
        });
    Body body = Body.of(in);
    String openid = body.text("touser", 40003);
    String content = body.json().path("text").path("content").asText("");
    if (!body.text("msgtype").equals("text") || content.isEmpty()) {
      throw new Refusal(44004, "empty content");
    }
    BlockingQueue<String> follower = waiting.get(openid);
    if (follower == null) {
      throw new Refusal(45015, "response out of time limit or subscription is canceled");
    }
    follower.add(content);
    return Json.object().put("errcode", 0).put("errmsg", "ok");
  }

  /** From now on this follower is one who wrote, and may be written to. */
  void expect(String openid) {
    waiting.put(openid, new LinkedBlockingQueue<>());
  }

  /** What was sent to the follower, or null when nothing was in this time. */
  @Nullable String take(String openid, Duration patience) {
    BlockingQueue<String> follower = waiting.get(openid);
    try {
      return follower == null ? null : follower.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      waiting.remove(openid);
    }
  }
}
