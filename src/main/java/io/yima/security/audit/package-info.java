/**
 * The audit trail: which key did what for which provider, in whose name, and when.
 *
 * <p>Owns the table {@code audit_event}. Services of every room above call {@link
 * io.yima.security.audit.AuditTrail} within the transaction of what they do, so that neither can be
 * without the other. Operators read it; nobody changes it.
 */
@NullMarked
package io.yima.security.audit;

import org.jspecify.annotations.NullMarked;
