package io.yima.codes;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which applications of a provider are asked for; what is null does not matter.
 *
 * @param requestedFrom inclusive
 * @param requestedTo exclusive
 * @param onlyAuthorizers the merchants that the caller's key is restricted to
 */
record ApplicationFilter(
    @Nullable ApplicationState state,
    @Nullable String authorizerAppid,
    @Nullable String isvApplicationId,
    @Nullable Long applicationId,
    @Nullable Boolean stuck,
    @Nullable Instant requestedFrom,
    @Nullable Instant requestedTo,
    @Nullable Set<String> onlyAuthorizers) {}
