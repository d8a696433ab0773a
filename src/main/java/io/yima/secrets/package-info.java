/**
 * Sealing of secrets at rest and keeping them out of sight.
 *
 * <p>Owns the master keyset, the {@code keyset_canary} row that proves it is the right one, and
 * {@link io.yima.secrets.Secret}, the only shape in which a secret travels through the code. Every
 * room that stores or sends a secret may call it; it calls no other room.
 */
@NullMarked
package io.yima.secrets;

import org.jspecify.annotations.NullMarked;
