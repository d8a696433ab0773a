package io.yima.wechat;

/** What opening a pushed message came to. */
public sealed interface Decryption {

  /** Why a message is not to be believed. */
  enum Reason {
    BAD_SIGNATURE,
    BAD_CIPHERTEXT,
    FOREIGN_APPID
  }

  /**
   * The message is from WeChat and for this platform. Its text may hold tickets and codes, so
   * {@code toString} leaves it out.
   *
   * @param usedPrevious whether the former key opened it
   */
  record Decrypted(String xml, boolean usedPrevious) implements Decryption {
    @Override
    public String toString() {
      return "Decrypted[usedPrevious=" + usedPrevious + "]";
    }
  }

  /** The message must be turned away. */
  record Refused(Reason reason) implements Decryption {}
}
