package io.yima.callback;

import io.yima.wechat.Decryption;
import io.yima.wechat.EncryptedReply;
import io.yima.wechat.MessageCrypto;
import java.security.SecureRandom;
import java.time.Instant;

/** An encrypted text within the answer to a message [PUSH]. */
final class TextReply {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int RANDOM_BYTES = 16;

  private TextReply() {}

  /** The whole answer, made with the key that opened the message. */
  static String to(Probe probe, Decryption.Decrypted message, MessageCrypto crypto, Instant now) {
    String seconds = Long.toString(now.getEpochSecond());
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    String nonce = Integer.toUnsignedString(RANDOM.nextInt());
    EncryptedReply reply =
        crypto.answering(message).encrypt(xml(probe, seconds), seconds, nonce, random);
    return "<xml>"
        + element("Encrypt", reply.encrypt())
        + element("MsgSignature", reply.msgSignature())
        + "<TimeStamp>"
        + reply.timestamp()
        + "</TimeStamp>"
        + element("Nonce", reply.nonce())
        + "</xml>";
  }

  private static String xml(Probe probe, String seconds) {
    return "<xml>"
        + element("ToUserName", probe.openid())
        + element("FromUserName", probe.account())
        + "<CreateTime>"
        + seconds
        + "</CreateTime>"
        + element("MsgType", "text")
        + element("Content", probe.content())
        + "</xml>";
  }

  private static String element(String name, String text) {
    return "<"
        + name
        + "><![CDATA["
        + text.replace("]]>", "]]]]><![CDATA[>")
        + "]]></"
        + name
        + ">";
  }
}
