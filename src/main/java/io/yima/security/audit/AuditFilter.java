package io.yima.security.audit;

import io.yima.tenancy.ProviderId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which events are asked for; what is null does not matter.
 *
 * @param from inclusive
 * @param to exclusive
 */
record AuditFilter(
    @Nullable ProviderId provider,
    @Nullable String authorizerAppid,
    @Nullable AuditAction action,
    @Nullable UUID keyId,
    @Nullable Instant from,
    @Nullable Instant to) {

  AuditFilter of(ProviderId owner) {
    return new AuditFilter(owner, authorizerAppid, action, keyId, from, to);
  }
}
