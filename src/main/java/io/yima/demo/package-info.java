/**
 * Fills an empty database in dev mode, so that a newcomer stands in front of something that runs: a
 * provider and three merchants, authorized through the real flow against the sandbox, and one
 * application for codes.
 *
 * <p>Owns nothing and works over HTTP only, through the API and the sandbox's controls, as any
 * caller would. Nothing calls it but {@link io.yima.Main}, which has it train the AOT cache.
 */
@NullMarked
package io.yima.demo;

import org.jspecify.annotations.NullMarked;
