/**
 * Who is calling and what they may do: API keys, their scopes, and the tenant of a request. What
 * they did is kept by {@code audit} within.
 *
 * <p>Owns the table {@code api_key}. Resources ask {@link io.yima.security.Caller} for the provider
 * they act for; nothing else decides that.
 */
@NullMarked
package io.yima.security;

import org.jspecify.annotations.NullMarked;
