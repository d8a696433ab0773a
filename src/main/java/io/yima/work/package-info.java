/**
 * The one mechanism of background work: claim what is due under a lease, call without a
 * transaction, record what came back.
 *
 * <p>Owns the table {@code node}, in which each process tells that it runs, and no other: rooms
 * above give it their statements. It knows how leases, local deadlines, back-off, waking and
 * stopping work, and nothing about what is being done.
 */
@NullMarked
package io.yima.work;

import org.jspecify.annotations.NullMarked;
