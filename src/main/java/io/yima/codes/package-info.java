/**
 * Marketing codes (一物一码): the ledger of every application for codes, from before it is sent to
 * WeChat until its codes are used, and what keeps the ledger in step with WeChat.
 *
 * <p>Owns the tables {@code code_application}, {@code code_application_event} and {@code
 * api_quota}. Nothing below calls it.
 */
@NullMarked
package io.yima.codes;

import org.jspecify.annotations.NullMarked;
