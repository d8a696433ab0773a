package io.yima.security;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A key to be made for a provider; its rules are {@link KeyRules}. */
record CreateApiKey(
    String name,
    List<String> scopes,
    @Nullable List<String> authorizerAppids,
    @Nullable Instant expiresAt) {

  CreateApiKey {
    scopes = scopes.stream().distinct().toList();
    authorizerAppids =
        authorizerAppids == null ? null : authorizerAppids.stream().distinct().toList();
  }
}
