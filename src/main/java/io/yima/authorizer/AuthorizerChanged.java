package io.yima.authorizer;

import io.yima.tenancy.AuthorizerId;

/**
 * A merchant was authorized, updated, revoked or lost. Fired as a synchronous CDI event, on the
 * worker's thread after the change is committed; observers must be idempotent and may be missed
 * when the process dies, so what they do is only ever sooner, never otherwise, than the next due
 * time.
 */
public record AuthorizerChanged(AuthorizerId authorizer, AuthorizerStanding standing) {}
