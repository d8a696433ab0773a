package io.yima.wechat;

/** An encrypted answer to a pushed message [PUSH]. */
public record EncryptedReply(String encrypt, String msgSignature, String timestamp, String nonce) {}
