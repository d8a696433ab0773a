package io.yima.security;

import io.yima.secrets.Sealer;
import io.yima.secrets.Secret;
import io.yima.secrets.SecretPlace;
import io.yima.secrets.UnsealFailed;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a gateway token holds, and its text: the id of its key in clear, and sealed for that key and
 * provider the merchant and the end of its life. Nothing is stored, so that every node takes it at
 * once, and it is worth nothing without its key.
 */
record GatewayToken(String authorizerAppid, Instant expiresAt) {

  private static final String PREFIX = "yima_gt_";
  private static final Pattern FORM =
      Pattern.compile(PREFIX + "([A-Za-z0-9_-]{22})\\.([A-Za-z0-9_-]{1,400})");

  private static final Base64.Decoder BYTES = Base64.getUrlDecoder();

  /** A text that may be a token, of this key as it says. */
  record Shown(UUID key, String sealed) {}

  Secret issued(Sealer sealer, AuthenticatedKey key, UUID keyId) {
    byte[] sealed =
        sealer.seal(
            place(key, keyId), Secret.of(expiresAt.getEpochSecond() + " " + authorizerAppid));
    ByteBuffer id =
        ByteBuffer.allocate(16)
            .putLong(keyId.getMostSignificantBits())
            .putLong(keyId.getLeastSignificantBits());
    Base64.Encoder text = Base64.getUrlEncoder().withoutPadding();
    return Secret.of(PREFIX + text.encodeToString(id.array()) + "." + text.encodeToString(sealed));
  }

  static Optional<Shown> read(Secret token) {
    Matcher matcher = FORM.matcher(token.reveal());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    ByteBuffer id = ByteBuffer.wrap(BYTES.decode(matcher.group(1)));
    return Optional.of(new Shown(new UUID(id.getLong(), id.getLong()), matcher.group(2)));
  }

  /** Empty unless it was sealed for just this key. */
  static Optional<GatewayToken> open(Sealer sealer, AuthenticatedKey key, Shown shown) {
    try {
      byte[] sealed = BYTES.decode(shown.sealed());
      String text = sealer.open(place(key, shown.key()), sealed).reveal();
      int blank = text.indexOf(' ');
      return Optional.of(
          new GatewayToken(
              text.substring(blank + 1),
              Instant.ofEpochSecond(Long.parseLong(text.substring(0, blank)))));
    } catch (UnsealFailed | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static SecretPlace place(AuthenticatedKey key, UUID keyId) {
    if (key.provider() == null) {
      throw new IllegalArgumentException("a gateway token is for a provider's key");
    }
    return new SecretPlace("gateway.token", key.provider().id().value(), keyId.toString());
  }
}
