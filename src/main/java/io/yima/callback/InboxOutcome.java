package io.yima.callback;

import io.yima.work.LastError;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is written back of a claimed push, if it is still the claimant's.
 *
 * @param outcome absent when it is tried again
 * @param at when it was handled, or when it is tried again
 */
record InboxOutcome(
    ClaimedPush push, @Nullable String outcome, @Nullable LastError error, Instant at) {}
