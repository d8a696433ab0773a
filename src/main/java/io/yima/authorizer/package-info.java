/**
 * Merchants: their authorization, their profile and permission sets, and their tokens, which are
 * kept valid without anybody asking.
 *
 * <p>Owns the tables {@code authorizer}, {@code authorizer_event}, {@code authorizer_token}, {@code
 * authorization_link} and {@code reconciliation}. Rooms above make calls in a merchant's name
 * through {@link io.yima.authorizer.AuthorizerTokens}, ask {@link io.yima.authorizer.Authorizers}
 * what a merchant may do, and hand what WeChat pushed to {@link io.yima.authorizer.Authorizations}.
 */
@NullMarked
package io.yima.authorizer;

import org.jspecify.annotations.NullMarked;
