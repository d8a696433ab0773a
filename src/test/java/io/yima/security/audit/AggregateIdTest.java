package io.yima.security.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AggregateIdTest {

  private static final Instant MINUTE = Instant.parse("2026-03-01T08:30:00Z");

  @Test
  void every_node_and_every_release_computes_the_same() {
    assertThat(AggregateId.of(MINUTE, "key", "name", "wxmerchant", null))
        .isEqualTo(UUID.fromString("019ca884-c740-7cb9-bf6c-a4384449f92a"));
  }

  @Test
  void it_is_a_uuid_of_version_7_made_at_the_minute() {
    UUID id = AggregateId.of(MINUTE, "key", "name", "wxmerchant", null);

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(MINUTE.toEpochMilli());
  }

  @Test
  void what_differs_in_any_part_is_counted_apart() {
    assertThat(
            List.of(
                AggregateId.of(MINUTE, "a", "b"),
                AggregateId.of(MINUTE, "ab", ""),
                AggregateId.of(MINUTE, "a", null, "b"),
                AggregateId.of(MINUTE, "a", "", "b"),
                AggregateId.of(MINUTE.plusSeconds(60), "a", "b")))
        .doesNotHaveDuplicates();
  }
}
