/**
 * Marketing codes (一物一码): the ledger of every application for codes, from before it is sent to
 * WeChat until its codes are used, and what keeps the ledger in step with WeChat.
 *
 * <p>Activations bind codes that are ready to products and pages; they are cut along WeChat's
 * ranges, stored, and sent like everything else.
 *
 * <p>Owns the tables {@code code_application}, {@code code_application_event}, {@code
 * code_activation} and {@code code_activation_slice}. Nothing below calls it.
 */
@NullMarked
package io.yima.codes;

import org.jspecify.annotations.NullMarked;
