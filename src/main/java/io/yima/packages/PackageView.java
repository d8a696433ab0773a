package io.yima.packages;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.yima.packages.PackageState.Stored;
import io.yima.work.LastError;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A package of codes, as the API shows it. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(description = "A package: the codes of one range that WeChat named.")
record PackageView(
    @Schema(description = "Index of its first code.", examples = "0") long codeStart,
    @Schema(description = "Index of its last code.", examples = "49999") long codeEnd,
    @Schema(
            description = "PENDING until its rows are fetched, checked and stored.",
            enumeration = {"PENDING", "STORED"},
            examples = "STORED")
        String state,
    @Schema(description = "How many codes it has; null while it is not stored.", examples = "50000")
        @Nullable Long rows,
    @Schema(
            description =
                "SHA-256 of its rows, in order of index and each ended by a line feed; null while it is not stored.",
            examples = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        @Nullable String sha256,
    @Schema(description = "When it was stored.", examples = "2026-09-27T02:03:04.567890Z")
        @Nullable Instant storedAt,
    @Schema(
            description =
                "When it is fetched next; null when it is stored and sound, or nobody has asked for it.",
            examples = "2026-09-27T02:03:04.567890Z")
        @Nullable Instant nextAttemptAt,
    @Schema(description = "How often fetching it failed in a row.", examples = "0") int attempts,
    @Nullable LastError lastError) {

  static PackageView of(PackageState state) {
    Stored stored = state.stored();
    return new PackageView(
        state.range().codeStart(),
        state.range().codeEnd(),
        stored == null ? "PENDING" : "STORED",
        stored == null ? null : state.range().codeEnd() - state.range().codeStart() + 1,
        stored == null ? null : stored.sha256(),
        stored == null ? null : stored.at(),
        state.nextAttemptAt(),
        state.attempts(),
        state.lastError());
  }
}
