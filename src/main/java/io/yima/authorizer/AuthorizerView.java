package io.yima.authorizer;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A merchant in the API's answers. */
@JsonNaming(SnakeCaseStrategy.class)
record AuthorizerView(
    String authorizerAppid,
    @Nullable String nickName,
    @Nullable String principalName,
    @Nullable Integer serviceType,
    AuthorizerStatus status,
    List<PermissionSet> permissionSets,
    boolean marketingCodes,
    TokenState token,
    Instant authorizedAt,
    @Nullable Instant revokedAt) {

  /** A right that the merchant granted; the name is null where we do not know it. */
  record PermissionSet(int id, @Nullable String name) {
    static PermissionSet of(int id) {
      return new PermissionSet(id, PermissionSets.name(id).orElse(null));
    }
  }
}
