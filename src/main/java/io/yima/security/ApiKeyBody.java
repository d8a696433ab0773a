package io.yima.security;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body that asks for a key, before any rule was checked. */
record ApiKeyBody(
    @Nullable String name,
    @Nullable List<@Nullable String> scopes,
    @Nullable List<@Nullable String> authorizerAppids,
    @Nullable String expiresAt) {}
