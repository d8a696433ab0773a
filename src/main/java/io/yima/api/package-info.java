/**
 * The dialect of the REST API, the same for every resource: problems, strict JSON, cursors, request
 * ids, and the addresses under which this deployment is reached.
 *
 * <p>Owns no tenant's table. Resources live in their features and call it; it knows none of them.
 */
@NullMarked
package io.yima.api;

import org.jspecify.annotations.NullMarked;
