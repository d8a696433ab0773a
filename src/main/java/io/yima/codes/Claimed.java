package io.yima.codes;

import io.yima.authorizer.AuthorizerStatus;
import io.yima.quota.Grant;

/**
 * A row that a claim gave us, with what decides whether WeChat may be asked at all.
 *
 * @param first no call before this claim can have reached WeChat
 * @param grant whether the call that is next is within the quota; counts only where none of the
 *     others stands in its way
 */
record Claimed(
    CodeApplication row,
    boolean first,
    boolean providerArchived,
    AuthorizerStatus status,
    boolean marketingCodeSet,
    Grant grant) {}
