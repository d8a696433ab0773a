package io.yima.api;

import io.yima.secrets.SecretPlace;
import io.yima.secrets.Sha256;
import io.yima.tenancy.ProviderId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A request that came with an {@code Idempotency-Key}.
 *
 * @param provider whom it acts for; {@link #NOBODY} for what operators do for no tenant
 * @param slot what the stored answer is found by: API key, method, path and idempotency key
 * @param fingerprint what makes two requests the same: query and body
 */
public record IdempotentRequest(ProviderId provider, String slot, String fingerprint) {

  /** Stands where a provider stands elsewhere, and is none. */
  public static final ProviderId NOBODY = new ProviderId(new UUID(0, 0));

  private static final Pattern KEY = Pattern.compile("[\\x20-\\x7e]{1,255}");

  /** The parts of a request, as they were sent. */
  public record Sent(String method, String path, String query, ByteBuffer body) {}

  /** A request of this API key; throws the 400 when the header's text is no key. */
  public static IdempotentRequest of(
      ProviderId provider, String apiKey, String idempotencyKey, Sent sent) {
    if (!KEY.matcher(idempotencyKey).matches()) {
      throw invalidKey();
    }
    byte[] slot = Sha256.ofParts(apiKey, sent.method(), sent.path(), idempotencyKey);
    byte[] fingerprint =
        Sha256.ofParts(text(sent.method()), text(sent.path()), text(sent.query()), sent.body());
    HexFormat hex = HexFormat.of();
    return new IdempotentRequest(provider, hex.formatHex(slot), hex.formatHex(fingerprint));
  }

  /** 400: no key that could be meant. */
  public static RuntimeException invalidKey() {
    return Problems.of(
        400,
        "idempotency_key_invalid",
        "Idempotency-Key is given once and has 1 to 255 printable ASCII characters.");
  }

  SecretPlace place() {
    return new SecretPlace("idempotency_key.answer", provider.value(), slot);
  }

  private static ByteBuffer text(String text) {
    return StandardCharsets.UTF_8.encode(text);
  }
}
