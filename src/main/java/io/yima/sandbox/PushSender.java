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
  }

  PushResult send(Target target, String infoType, String xml, int attempt) {
    Instant now = store.now();
    int status = 0;
    String detail;
    try {
      HttpResponse<String> response =
          client.send(request(target, xml, now), BodyHandlers.ofString(StandardCharsets.UTF_8));
      status = response.statusCode();
      detail = response.body().substring(0, Math.min(200, response.body().length()));
    } catch (IOException e) {
      detail = e.getClass().getSimpleName();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      detail = "sandbox is closing";
    }
    // The real one insists on exactly this word.
    boolean ok = status == 200 && detail.equals("success");
    counters.pushed(infoType, ok);
    return new PushResult(infoType, ok, status, detail, attempt, now);
  }

  private HttpRequest request(Target target, String xml, Instant now) {
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
        .POST(BodyPublishers.ofString(envelope(target.appid(), encrypted)))
        .build();
  }

  private String envelope(String appid, String encrypted) {
    // Blanks around the ciphertext are seen in the field; they are not signed.
    String text =
        oddness.everyNth("envelope", 2)
            ? "\n        " + encrypted + "\n    "
            : "<![CDATA[" + encrypted + "]]>";
    return "<xml>\n    <AppId><![CDATA[%s]]></AppId>\n    <Encrypt>%s</Encrypt>\n</xml>"
        .formatted(appid, text);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
