package io.yima.security.audit;

import io.yima.tenancy.AuthorizerId;
import java.time.Instant;
import java.util.UUID;

/**
 * A read of a token whose row is not known to be stored.
 *
 * @param id of the row in which all reads of its key, actor, merchant and minute are counted
 */
record FirstRead(UUID id, AuthorizerId authorizer, Doer doer, Instant at) {}
