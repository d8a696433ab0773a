package io.yima.activations;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of an activation. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(name = "ActivationOrder", description = "Which codes to bind, and to what.")
public record ActivationRequest(
    @Schema(
            description = "WeChat's statistics are split by it. No control characters.",
            examples = "春茶季",
            required = true,
            minLength = 1,
            maxLength = 128)
        @Nullable String activityName,
    @Schema(
            description = "The product's brand, likewise.",
            examples = "西湖",
            required = true,
            minLength = 1,
            maxLength = 128)
        @Nullable String productBrand,
    @Schema(
            description = "The product's name, likewise.",
            examples = "明前龙井 50g",
            required = true,
            minLength = 1,
            maxLength = 128)
        @Nullable String productTitle,
    @Schema(
            description = "The product's bar code, EAN-8 or EAN-13; its check digit is verified.",
            examples = "6901234567892",
            required = true,
            pattern = "^([0-9]{8}|[0-9]{13})$")
        @Nullable String productCode,
    @Schema(
            description = "The mini program that a scan opens.",
            examples = "wxdemo00program01",
            required = true,
            pattern = "^[A-Za-z0-9_@.-]{1,64}$")
        @Nullable String wxaAppid,
    @Schema(
            description = "Its page. No control characters.",
            examples = "pages/scan/index",
            required = true,
            minLength = 1,
            maxLength = 500)
        @Nullable String wxaPath,
    @Schema(
            description =
                "0: the released mini program, 1: development, 2: trial; 0 when left out.",
            examples = "0",
            minimum = "0",
            maximum = "2")
        @Nullable Long wxaType,
    @Schema(
            description = "The first code, from 0.",
            examples = "0",
            required = true,
            minimum = "0",
            maximum = "19999999")
        @Nullable Long codeStart,
    @Schema(
            description = "The last code, which is included.",
            examples = "49999",
            required = true,
            minimum = "0",
            maximum = "19999999")
        @Nullable Long codeEnd,
    @Schema(
            description =
                "Whether codes may be bound anew that an earlier activation has bound; false when left out.",
            examples = "false")
        @Nullable Boolean replace) {}
