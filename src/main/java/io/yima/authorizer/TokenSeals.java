package io.yima.authorizer;

import io.yima.secrets.Sealer;
import io.yima.secrets.Secret;
import io.yima.secrets.SecretPlace;
import io.yima.secrets.Unsealer;
import io.yima.tenancy.AuthorizerId;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/**
 * Seals merchants' tokens for their rows. Current, former and candidate refresh token share a
 * place, so that one becomes another without being opened. One that does not open counts as absent:
 * WeChat may give another.
 */
@ApplicationScoped
class TokenSeals {

  private static final String ACCESS_TOKEN = "authorizer.access_token";
  private static final String REFRESH_TOKEN = "authorizer.refresh_token";

  private final Sealer sealer;
  private final Unsealer unsealer;

  TokenSeals(Sealer sealer, Unsealer unsealer) {
    this.sealer = sealer;
    this.unsealer = unsealer;
  }

  byte @Nullable [] sealAccess(AuthorizerId id, @Nullable Secret token) {
    return sealer.sealNullable(place(ACCESS_TOKEN, id), token);
  }

  @Nullable Secret openAccess(AuthorizerId id, byte @Nullable [] sealed) {
    return unsealer.open(place(ACCESS_TOKEN, id), sealed);
  }

  byte @Nullable [] sealRefresh(AuthorizerId id, @Nullable Secret token) {
    return sealer.sealNullable(place(REFRESH_TOKEN, id), token);
  }

  @Nullable Secret openRefresh(AuthorizerId id, byte @Nullable [] sealed) {
    return unsealer.open(place(REFRESH_TOKEN, id), sealed);
  }

  private static SecretPlace place(String purpose, AuthorizerId id) {
    return new SecretPlace(purpose, id.provider().value(), id.authorizerAppid());
  }
}
