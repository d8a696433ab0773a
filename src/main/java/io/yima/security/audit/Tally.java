package io.yima.security.audit;

import io.yima.tenancy.ProviderId;
import java.time.Instant;
import java.util.UUID;

/** The reads that were added to a stored row since it was last written. */
final class Tally {

  private final ProviderId provider;
  private final UUID id;
  private long count;
  private Instant lastAt;

  /** What was taken out of a tally to be written. */
  record Counted(Tally tally, long count, Instant lastAt) {}

  Tally(ProviderId provider, UUID id, Instant firstAt) {
    this.provider = provider;
    this.id = id;
    lastAt = firstAt;
  }

  ProviderId provider() {
    return provider;
  }

  UUID id() {
    return id;
  }

  /** True when the tally was empty before: it has to be written. */
  synchronized boolean add(long further, Instant at) {
    boolean empty = count == 0;
    count += further;
    lastAt = lastAt.isAfter(at) ? lastAt : at;
    return empty;
  }

  synchronized Counted take() {
    Counted taken = new Counted(this, count, lastAt);
    count = 0;
    return taken;
  }
}
