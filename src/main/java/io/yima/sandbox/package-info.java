/**
 * The pretend WeChat: speaks the real protocol over HTTP on a port of its own, with the real one's
 * strictness and oddities, for trying Yima and for testing it.
 *
 * <p>Owns its state file and no table. It depends on no other room and no room depends on it; its
 * crypto and its JSON shapes are its own on purpose, because a misspelt field shared with the
 * client would pass on both sides. People, tests and the demo speak with it over HTTP only; tests
 * may also start it in their own process with {@link io.yima.sandbox.SandboxServer}.
 */
@NullMarked
package io.yima.sandbox;

import org.jspecify.annotations.NullMarked;
