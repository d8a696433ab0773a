/**
 * What an operator watches: the backlog and the age of tickets as metrics, the nodes and what they
 * hold, and whether this node is alive and ready.
 *
 * <p>Owns no table and reads those of every room with the worker's rights, counting only. Nothing
 * is labelled by merchant or provider. Nothing calls it.
 */
@NullMarked
package io.yima.observability;

import org.jspecify.annotations.NullMarked;
