package io.yima.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.yima.secrets.Secret;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is given again to the same request.
 *
 * @param body as JSON; null when the answer has none
 */
public record StoredAnswer(
    int status, @Nullable String contentType, @Nullable String location, @Nullable String body) {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int ACCEPTED = 202;

  /** What another key, another scope, a merchant found meanwhile or mere time would change. */
  private static final Set<Integer> NOT_FINAL = Set.of(401, 403, 404, 408, 429);

  /**
   * Whether the same request would be answered so again. Nothing is kept of what depends on time or
   * on somebody else: then the request runs again, which is safe as nothing was created, or, for an
   * order that WeChat has not confirmed, because the ledger knows it.
   *
   * @param acceptedIsFinal see {@link Idempotent#acceptedIsFinal}
   */
  public static boolean isFinal(int status, boolean acceptedIsFinal) {
    return status == ACCEPTED
        ? acceptedIsFinal
        : status >= 200 && status < 500 && !NOT_FINAL.contains(status);
  }

  Secret toSecret() {
    try {
      return Secret.of(JSON.writeValueAsString(this));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer cannot be kept", e);
    }
  }

  static StoredAnswer of(Secret secret) {
    try {
      return JSON.readValue(secret.reveal(), StoredAnswer.class);
    } catch (JsonProcessingException e) {
      // Without the cause, which may quote the answer.
      throw new IllegalStateException("a kept answer cannot be read");
    }
  }

  /** Tells nothing of the body, which may hold a key. */
  @Override
  public String toString() {
    return "StoredAnswer[" + status + "]";
  }
}
