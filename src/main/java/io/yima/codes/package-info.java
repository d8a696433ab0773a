/**
 * Marketing codes (一物一码): the ledger of every application for codes, from before it is sent to
 * WeChat until its codes are used, and what keeps the ledger in step with WeChat.
 *
 * <p>Calls are counted by merchant, interface and day before they are made, and held back when
 * WeChat will refuse them or what is left is for people.
 *
 * <p>Activations bind codes that are ready to products and pages; they are cut along WeChat's
 * ranges, stored, and sent like everything else.
 *
 * <p>Owns the tables {@code code_application}, {@code code_application_event}, {@code
 * code_activation}, {@code code_activation_slice} and {@code api_quota}. Nothing below calls it.
 */
@NullMarked
package io.yima.codes;

import org.jspecify.annotations.NullMarked;
