package io.yima.security;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A key as it may be shown at any time: without its secret. */
record ApiKeyView(
    UUID id,
    String name,
    String prefix,
    List<String> scopes,
    @Nullable List<String> authorizerAppids,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable Instant revokedAt) {}
