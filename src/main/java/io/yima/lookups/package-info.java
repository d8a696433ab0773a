/**
 * Questions to WeChat about single codes, and what the ledger and the packages know of them.
 * Nothing is kept of an answer; each call is counted and stands in the audit trail.
 *
 * <p>Owns no table. The gateway comes in by {@link CodesDoor}.
 */
@NullMarked
package io.yima.lookups;

import org.jspecify.annotations.NullMarked;
