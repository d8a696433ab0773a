package io.yima.codes;

import io.yima.authorizer.AuthorizerStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row that a claim gave us, with what decides whether WeChat may be asked at all.
 *
 * @param first no call before this claim can have reached WeChat
 * @param parkedUntil until when the day's quota of the call that is next is used up
 */
record Claimed(
    CodeApplication row,
    boolean first,
    boolean providerArchived,
    AuthorizerStatus status,
    boolean marketingCodeSet,
    @Nullable Instant parkedUntil) {}
