package io.yima.codes;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/** The body of an order. */
@JsonNaming(SnakeCaseStrategy.class)
record OrderRequest(
    @Nullable Long codeCount, @Nullable String isvApplicationId, @Nullable String label) {}
