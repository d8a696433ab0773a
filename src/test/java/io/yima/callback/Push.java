package io.yima.callback;

import static io.restassured.RestAssured.given;

import io.restassured.response.Response;
import io.yima.secrets.Secret;
import io.yima.testsupport.ComponentApp;
import io.yima.wechat.EncryptedReply;
import io.yima.wechat.MessageCrypto;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A push as WeChat would send it, or as somebody else would like to. */
record Push(String msgSignature, String timestamp, String nonce, String body) {

  private static final byte[] RANDOM = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  static Push of(ComponentApp app, String xml) {
    return of(app.appid(), app, xml);
  }

  /** With another appid behind the message than the one whose keys are used. */
  static Push of(String trailingAppid, ComponentApp keys, String xml) {
    EncryptedReply sealed =
        new MessageCrypto(
                trailingAppid,
                Secret.of(keys.messageToken()),
                Secret.of(keys.encodingAesKey()),
                null)
            .encrypt(xml, "1700000000", "4711", RANDOM);
    String body =
        "<xml><AppId><![CDATA[%s]]></AppId><Encrypt><![CDATA[%s]]></Encrypt></xml>"
            .formatted(keys.appid(), sealed.encrypt());
    return new Push(sealed.msgSignature(), sealed.timestamp(), sealed.nonce(), body);
  }

  static String event(ComponentApp app, String infoType, long createTime, String more) {
    return "<xml><AppId>%s</AppId><CreateTime>%d</CreateTime><InfoType>%s</InfoType>%s</xml>"
        .formatted(app.appid(), createTime, infoType, more);
  }

  Push signed(String signature) {
    return new Push(signature, timestamp, nonce, body);
  }

  String query() {
    return "msg_signature="
        + encoded(msgSignature)
        + "&timestamp="
        + encoded(timestamp)
        + "&nonce="
        + encoded(nonce);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  Response toEvents(String componentAppid) {
    return to("/wechat/" + componentAppid + "/events");
  }

  Response to(String path) {
    return given()
        .queryParam("msg_signature", msgSignature)
        .queryParam("timestamp", timestamp)
        .queryParam("nonce", nonce)
        .contentType("text/xml")
        .body(body.getBytes(StandardCharsets.UTF_8))
        .post(path);
  }
}
