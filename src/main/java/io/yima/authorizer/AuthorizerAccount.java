package io.yima.authorizer;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a merchant's account and how its token is.
 *
 * @param described whether WeChat ever told what kind of account it is
 * @param serviceType 2 is a service account [AINFO]
 * @param accountStatus 1 is normal [AINFO]
 */
public record AuthorizerAccount(
    AuthorizerStanding standing,
    boolean described,
    @Nullable Integer serviceType,
    boolean miniProgram,
    @Nullable Integer accountStatus,
    TokenState token) {}
