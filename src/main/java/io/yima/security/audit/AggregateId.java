package io.yima.security.audit;

import io.yima.secrets.Sha256;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An id that every node computes alike: a UUIDv7 of the minute, whose 74 random bits are a hash of
 * what is counted together in it.
 */
final class AggregateId {

  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private AggregateId() {}

  static UUID of(Instant minute, @Nullable String... parts) {
    ByteBuffer hash = ByteBuffer.wrap(Sha256.ofParts(parts));
    long most = minute.toEpochMilli() << 16 | VERSION_7 | (hash.getShort() & 0xFFF);
    long least = VARIANT | hash.getLong() >>> 2;
    return new UUID(most, least);
  }
}
