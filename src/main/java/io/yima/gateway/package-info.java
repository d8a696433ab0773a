/**
 * Doors in WeChat's shape for software that speaks WeChat's protocol already: its host is all that
 * changes. Takes and answers what WeChat does, orders and activates through the ledger, and passes
 * on, counted and audited, what the ledger does not know or only WeChat can tell.
 *
 * <p>Owns no table. Whoever calls has an API key, or a token that was issued here for one; answers
 * have status 200 and WeChat's error numbers, which the room {@code api} makes of problems.
 */
@NullMarked
package io.yima.gateway;

import org.jspecify.annotations.NullMarked;
