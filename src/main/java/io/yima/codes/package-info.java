/**
 * Marketing codes (一物一码): the ledger of every application for codes, from before it is sent to
 * WeChat until its codes are ready, its history, and what keeps the ledger in step with WeChat.
 *
 * <p>Owns the tables {@code code_application} and {@code code_application_event}. Rooms above write
 * history too, by {@link History}, and are told of applications that are finished by {@link
 * ApplicationsFinished}.
 */
@NullMarked
package io.yima.codes;

import org.jspecify.annotations.NullMarked;
