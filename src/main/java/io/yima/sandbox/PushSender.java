package io.yima.sandbox;

import io.yima.sandbox.World.Platform;
import io.yima.sandbox.World.PushResult;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/** Encrypts an event and posts it to a platform's event address; waits five seconds at most. */
final class PushSender implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final Store store;
  private final Counters counters;
  private final Oddness oddness;

  PushSender(Store store, Counters counters, Oddness oddness) {
    this.store = store;
    this.counters = counters;
    this.oddness = oddness;
  }

  /** Where a platform is told, and with what keys; a copy, because the platform may change. */
  record Target(String appid, String url, String token, String aesKey) {
    static Target of(Platform platform) {
      return new Target(
          platform.componentAppid,
          platform.callbackBase + platform.callbackPath,
          platform.messageToken,
          platform.encodingAesKey);
    }

    /** Where the messages of an account go. */
    static Target ofMessages(Platform platform, String authorizerAppid) {
      return new Target(
          platform.componentAppid,
          platform.callbackBase
              + "/wechat/"
              + platform.componentAppid
              + "/messages/"
              + authorizerAppid,
          platform.messageToken,
          platform.encodingAesKey);
    }
  }

  /** The answer to a message; status 0 and why, when there is none. */
  record Answered(int status, String body) {}

  /** Posts a message as a follower's to an account, and waits for the answer. */
  Answered message(Target target, String account, String xml) {
    Answered answered = post(target, "ToUserName", account, xml, store.now());
    counters.pushed("message", answered.status() == 200);
    return answered;
  }

  PushResult send(Target target, String infoType, String xml, int attempt) {
    Instant now = store.now();
    Answered answered = post(target, "AppId", target.appid(), xml, now);
    String detail = answered.body().substring(0, Math.min(200, answered.body().length()));
    // The real one insists on exactly this word.
    boolean ok = answered.status() == 200 && detail.equals("success");
    counters.pushed(infoType, ok);
    return new PushResult(infoType, ok, answered.status(), detail, attempt, now);
  }

  private Answered post(Target target, String addressed, String to, String xml, Instant now) {
    try {
      HttpResponse<String> response =
          client.send(
              request(target, addressed, to, xml, now),
              BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new Answered(response.statusCode(), response.body());
    } catch (IOException e) {
      return new Answered(0, e.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answered(0, "sandbox is closing");
    }
  }

  private HttpRequest request(Target target, String addressed, String to, String xml, Instant now) {
    String timestamp = Long.toString(now.getEpochSecond());
    String nonce = Integer.toUnsignedString(Arrays.hashCode(Mint.bytes(8)));
    byte[] random = HexFormat.of().formatHex(Mint.bytes(8)).getBytes(StandardCharsets.US_ASCII);
    String encrypted = PushCrypto.encrypt(target.aesKey(), target.appid(), random, xml);
    String url =
        target.url()
            + "?signature="
            + PushCrypto.sign(target.token(), timestamp, nonce)
            + "&timestamp="
            + timestamp
            + "&nonce="
            + URLEncoder.encode(nonce, StandardCharsets.UTF_8)
            + "&encrypt_type=aes&msg_signature="
            + PushCrypto.sign(target.token(), timestamp, nonce, encrypted);
    return HttpRequest.newBuilder(URI.create(url))
        .timeout(PATIENCE)
        .header("Content-Type", "text/xml")
        .POST(BodyPublishers.ofString(envelope(addressed, to, encrypted)))
        .build();
  }

  private String envelope(String addressed, String to, String encrypted) {
    // Blanks around the ciphertext are seen in the field; they are not signed.
    String text =
        oddness.everyNth("envelope", 2)
            ? "\n        " + encrypted + "\n    "
            : "<![CDATA[" + encrypted + "]]>";
    return "<xml>\n    <%s><![CDATA[%s]]></%s>\n    <Encrypt>%s</Encrypt>\n</xml>"
        .formatted(addressed, to, addressed, text);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
