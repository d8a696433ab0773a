/**
 * The dialect of the REST API, the same for every resource: problems, strict JSON, limits of a
 * request, cursors, request ids, idempotency keys, and the addresses under which this deployment is
 * reached.
 *
 * <p>Owns the table {@code idempotency_key}. Resources live in their features and call it; it knows
 * none of them.
 */
@NullMarked
package io.yima.api;

import org.jspecify.annotations.NullMarked;
