package io.yima.codes;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an item of a batch came to. */
enum BatchOutcome {
  /** Stored; the scheduler sends it. */
  @JsonProperty("accepted")
  ACCEPTED,
  /** The same order was stored before. */
  @JsonProperty("exists")
  EXISTS
}
