package io.yima.codes;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of an order. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(name = "Order", description = "How many codes, under which id.")
record OrderRequest(
    @Schema(
            description = "How many codes.",
            examples = "50000",
            required = true,
            minimum = "10000",
            maximum = "20000000",
            multipleOf = 10_000)
        @Nullable Long codeCount,
    @Schema(
            description =
                "The caller's id for this order: the same id is the same order. No control characters, no"
                    + " blanks at its ends, not `.` or `..`. Derived from Idempotency-Key when left out.",
            examples = "spring-tea-1",
            minLength = 1,
            maxLength = 128)
        @Nullable String isvApplicationId,
    @Schema(
            description = "A name for people, kept in the ledger; no control characters.",
            examples = "明前龙井",
            maxLength = 200)
        @Nullable String label) {}
