package io.yima.authorizer;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An invitation to a merchant to authorize a provider.
 *
 * @param authType which kinds of account WeChat's page offers [AUTHDESC]
 * @param bizAppid the only account that may authorize, when the provider named one
 * @param returnUrl where the merchant's browser goes afterwards; absent: the provider's own address
 *     or a page of ours
 * @param expiresAt from then on the link must be refused
 */
public record AuthorizationLink(
    UUID id,
    int authType,
    @Nullable String bizAppid,
    @Nullable String returnUrl,
    Instant expiresAt) {}
