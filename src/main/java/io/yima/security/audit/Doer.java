package io.yima.security.audit;

import io.yima.security.Caller;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who does something: the key, whom its holder says it acts for, and the request.
 *
 * @param keyId null for the bootstrap key
 * @param keyName the key's name and shown prefix
 */
record Doer(@Nullable UUID keyId, String keyName, @Nullable String actor, String requestId) {

  static Doer of(Caller caller) {
    return new Doer(caller.keyId(), caller.requestedBy(), caller.actor(), caller.requestId());
  }
}
