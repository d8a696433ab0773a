package io.yima.wechat;

/** An encrypted answer to a pushed message [PUSH]. */
public record EncryptedReply(String encrypt, String msgSignature, String timestamp, String nonce) {

  /** The envelope to send. */
  public String toXml() {
    return "<xml><Encrypt><![CDATA["
        + encrypt
        + "]]></Encrypt><MsgSignature><![CDATA["
        + msgSignature
        + "]]></MsgSignature><TimeStamp>"
        + timestamp
        + "</TimeStamp><Nonce><![CDATA["
        + nonce
        + "]]></Nonce></xml>";
  }
}
