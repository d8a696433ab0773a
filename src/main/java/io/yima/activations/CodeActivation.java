package io.yima.activations;

import io.yima.codes.ApplicationKey;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.wechat.CodeBinding;
import io.yima.work.LastError;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An activation and how far it is: one wish to bind a range of an application's codes. */
record CodeActivation(UUID id, ApplicationKey application, Wish wish, Standing standing) {

  /**
   * What is wanted, and by whom.
   *
   * @param replaces whether codes may be bound anew that an earlier activation has bound
   * @param requestedBy the API key, by its name and shown prefix
   * @param actor whom the caller acted for, when it said so
   */
  record Wish(
      CodeBinding binding,
      CodeRange range,
      boolean replaces,
      String requestedBy,
      @Nullable String actor,
      Instant requestedAt) {

    /** The same, though an earlier activation may have bound the codes. */
    Wish replacing() {
      return new Wish(binding, range, true, requestedBy, actor, requestedAt);
    }

    /** Whether the same codes are to be bound to the same, whoever wants it. */
    boolean isSameAs(Wish other) {
      return binding.equals(other.binding) && range.equals(other.range);
    }
  }

  /**
   * What its slices add up to.
   *
   * @param codesActivated how many codes WeChat bound for it
   * @param blocked whether WeChat will go on refusing one of them until a person mends something
   * @param nextAttemptAt when the first of them is turned to next
   * @param lastError of the first of them that has one
   */
  record Standing(
      int activating,
      int activated,
      int rejected,
      int replaced,
      long codesActivated,
      boolean blocked,
      @Nullable Instant nextAttemptAt,
      @Nullable LastError lastError) {

    ActivationState state() {
      if (activating > 0) {
        return ActivationState.ACTIVATING;
      }
      if (activated > 0) {
        return rejected + replaced == 0
            ? ActivationState.ACTIVATED
            : ActivationState.PARTLY_ACTIVATED;
      }
      return rejected > 0 ? ActivationState.REJECTED : ActivationState.REPLACED;
    }
  }

  ActivationState state() {
    return standing.state();
  }
}
