package io.yima.security.audit;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as operators see it.
 *
 * @param lastAt when it happened last, where several are counted in one
 */
public record AuditEventView(
    UUID id,
    Instant at,
    Instant lastAt,
    long count,
    String action,
    String componentAppid,
    @Nullable String authorizerAppid,
    @Nullable String object,
    Key key,
    @Nullable String actor,
    String requestId,
    String node,
    @Nullable String detail) {

  /**
   * The key that did it.
   *
   * @param id null: the operator's bootstrap key
   * @param name its name and shown prefix
   */
  public record Key(@Nullable UUID id, String name) {}
}
