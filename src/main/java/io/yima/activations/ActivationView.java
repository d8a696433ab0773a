package io.yima.activations;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.yima.wechat.CodeBinding;
import io.yima.work.LastError;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An activation in answers; lists leave its slices out. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(name = "Activation", description = "A range of codes bound to a product and a page.")
record ActivationView(
    @Schema(description = "Its id.", examples = "0197f3a0-5c2d-7e3f-8a2b-3c4d5e6f7a8b") UUID id,
    @Schema(description = "The merchant.", examples = "wxdemo00merchant01") String authorizerAppid,
    @Schema(description = "The application's id.", examples = "spring-tea-1")
        String isvApplicationId,
    @Schema(description = "As ordered.", examples = "春茶季") String activityName,
    @Schema(description = "As ordered.", examples = "西湖") String productBrand,
    @Schema(description = "As ordered.", examples = "明前龙井 50g") String productTitle,
    @Schema(description = "As ordered.", examples = "6901234567892") String productCode,
    @Schema(description = "The mini program that a scan opens.", examples = "wxdemo00program01")
        String wxaAppid,
    @Schema(description = "Its page.", examples = "pages/scan/index") String wxaPath,
    @Schema(description = "0: released, 1: development, 2: trial.", examples = "0") int wxaType,
    @Schema(description = "The first code.", examples = "0", minimum = "0") long codeStart,
    @Schema(description = "The last code, which is included.", examples = "49999", minimum = "0")
        long codeEnd,
    @Schema(description = "Whether it may bind codes anew.", examples = "false") boolean replace,
    @Schema(
            description =
                "ACTIVATING: WeChat has yet to confirm some of it. ACTIVATED: all codes are bound."
                    + " PARTLY_ACTIVATED: some are; the others were refused, or taken by a later"
                    + " activation. REJECTED: WeChat refused it. REPLACED: a later one took its place.",
            examples = "ACTIVATED")
        ActivationState state,
    @Schema(description = "How many of its codes WeChat bound.", examples = "50000")
        long codesActivated,
    @Schema(description = "Whether a person must mend something first.", examples = "false")
        boolean blocked,
    @Schema(
            description = "When Yima turns to WeChat next; null when it is over.",
            examples = "2026-09-27T02:03:04.567890Z")
        @Nullable Instant nextAttemptAt,
    @Nullable LastError lastError,
    @Schema(description = "The key that ordered it: its name.", examples = "erp")
        String requestedBy,
    @Schema(description = "The Yima-Actor of the request.", examples = "li.lei")
        @Nullable String actor,
    @Schema(description = "When it was ordered.", examples = "2026-09-27T02:03:04.567890Z")
        Instant requestedAt,
    @Schema(description = "Its parts, each within one of WeChat's ranges; null in lists.")
        @Nullable List<SliceView> slices) {

  /** A part of it. */
  @JsonNaming(SnakeCaseStrategy.class)
  @Schema(name = "ActivationSlice", description = "A part of an activation: one call to WeChat.")
  record SliceView(
      @Schema(description = "The first code.", examples = "0", minimum = "0") long codeStart,
      @Schema(description = "The last code, which is included.", examples = "49999", minimum = "0")
          long codeEnd,
      @Schema(
              description =
                  "ACTIVATING: WeChat has not confirmed it. ACTIVATED: its codes are bound."
                      + " REJECTED: WeChat refused it. REPLACED: a later activation took its place.",
              examples = "ACTIVATED")
          SliceState state,
      @Schema(
              description =
                  "Since when it is unknown whether WeChat did it; it is asked before it is told again.",
              examples = "2026-09-27T02:03:04.567890Z")
          @Nullable Instant unknownSince,
      @Schema(description = "When WeChat bound it.", examples = "2026-09-27T02:03:04.567890Z")
          @Nullable Instant activatedAt,
      @Schema(description = "Whether a person must mend something first.", examples = "false")
          boolean blocked,
      @Schema(
              description = "When Yima turns to WeChat next; null when it is over.",
              examples = "2026-09-27T02:03:04.567890Z")
          @Nullable Instant nextAttemptAt,
      @Schema(description = "How many tries have failed.", examples = "0") int attempts,
      @Nullable LastError lastError) {

    static SliceView of(Slice slice) {
      return new SliceView(
          slice.range().codeStart(),
          slice.range().codeEnd(),
          slice.state(),
          slice.sentAt(),
          slice.activatedAt(),
          slice.sync().blocked(),
          slice.sync().nextSyncAt(),
          slice.sync().attempts(),
          slice.sync().lastError());
    }
  }

  static ActivationView of(CodeActivation activation) {
    return of(activation, null);
  }

  static ActivationView of(Activations.Detail detail) {
    return of(detail.activation(), detail.slices().stream().map(SliceView::of).toList());
  }

  private static ActivationView of(CodeActivation activation, @Nullable List<SliceView> slices) {
    CodeActivation.Wish wish = activation.wish();
    CodeActivation.Standing standing = activation.standing();
    CodeBinding binding = wish.binding();
    return new ActivationView(
        activation.id(),
        activation.application().authorizer().authorizerAppid(),
        activation.application().isvApplicationId(),
        binding.activityName(),
        binding.productBrand(),
        binding.productTitle(),
        binding.productCode(),
        binding.wxaAppid(),
        binding.wxaPath(),
        binding.wxaType(),
        wish.range().codeStart(),
        wish.range().codeEnd(),
        wish.replaces(),
        standing.state(),
        standing.codesActivated(),
        standing.blocked(),
        standing.nextAttemptAt(),
        standing.lastError(),
        wish.requestedBy(),
        wish.actor(),
        wish.requestedAt(),
        slices);
  }
}
