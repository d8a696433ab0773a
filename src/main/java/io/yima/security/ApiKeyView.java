package io.yima.security;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A key as it may be shown at any time: without its secret. */
@Schema(name = "ApiKey", description = "A key, without its secret.")
record ApiKeyView(
    @Schema(
            description = "Names the key in this API.",
            examples = "0199d0c5-7a54-7c3e-9c1f-0d2b8a6f4e11")
        UUID id,
    @Schema(description = "What people call the key.", examples = "erp") String name,
    @Schema(
            description = "The key's beginning, by which people recognize it.",
            examples = "yima_pk_Zk3x9a")
        String prefix,
    @Schema(
            implementation = KeyScope[].class,
            description = "What the key may do.",
            examples = "[\"read\", \"write\"]")
        List<String> scopes,
    @Schema(
            description = "The authorizers that the key is restricted to; null when it is not.",
            examples = "[\"wxdemo00merchant01\"]")
        @Nullable List<String> authorizerAppids,
    @Schema(description = "When the key was made.", examples = "2026-09-27T02:03:04.567890Z")
        Instant createdAt,
    @Schema(
            description = "When the key stops working; null: never.",
            examples = "2027-09-27T00:00:00Z")
        @Nullable Instant expiresAt,
    @Schema(
            description = "When the key was last used, to the minute.",
            examples = "2026-09-27T02:03:04.567890Z")
        @Nullable Instant lastUsedAt,
    @Schema(description = "When the key was revoked.", examples = "2026-09-27T02:03:04.567890Z")
        @Nullable Instant revokedAt) {}
