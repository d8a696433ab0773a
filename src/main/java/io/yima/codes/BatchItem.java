package io.yima.codes;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.yima.tenancy.AuthorizerId;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One order of a batch, as it was sent. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(name = "BatchItem", description = "One order of a batch.")
record BatchItem(
    @Schema(
            description = "The merchant.",
            examples = "wxdemo00merchant01",
            required = true,
            pattern = AuthorizerId.PATTERN)
        @Nullable String authorizerAppid,
    @Schema(
            description = "How many codes.",
            examples = "50000",
            required = true,
            minimum = "10000",
            maximum = "20000000",
            multipleOf = 10_000)
        @Nullable Long codeCount,
    @Schema(
            description = "The caller's id for this order, as for a single one.",
            examples = "spring-tea-1",
            required = true,
            minLength = 1,
            maxLength = 128)
        @Nullable String isvApplicationId,
    @Schema(
            description = "A name for people, kept in the ledger; no control characters.",
            examples = "明前龙井",
            maxLength = 200)
        @Nullable String label) {}
