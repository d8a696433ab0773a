package io.yima.wechat;

/** An encrypted push together with what signs it: three query parameters and the Encrypt text. */
public record SignedEnvelope(String msgSignature, String timestamp, String nonce, String encrypt) {}
