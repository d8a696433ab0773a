package io.yima.lookups;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.yima.codes.ApplicationView.RangeView;
import io.yima.codes.CodeApplication;
import io.yima.codes.ReadyRanges;
import io.yima.wechat.BoundCode;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A code that was looked up, in answers. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(name = "FoundCode", description = "A code and what it is bound to, as WeChat tells it.")
record FoundCodeView(
    @Schema(description = "The raw code.", examples = "044GZ*J10") @Nullable String code,
    @Schema(
            description =
                "Its place in its batch, from 0. WeChat tells it to nobody: where the caller did not, it is read off the stored package; null where that is not there.",
            examples = "0")
        @Nullable Long codeIndex,
    @Schema(description = "WeChat's number of the application.", examples = "581865877")
        @Nullable Long applicationId,
    @Schema(description = "The caller's id of the application.", examples = "spring-tea-1")
        @Nullable String isvApplicationId,
    @Schema(description = "Whether it is bound to anything.", examples = "true") boolean activated,
    @Schema(description = "What it was activated with.", examples = "春茶季")
        @Nullable String activityName,
    @Schema(description = "What it was activated with.", examples = "西湖")
        @Nullable String productBrand,
    @Schema(description = "What it was activated with.", examples = "明前龙井 50g")
        @Nullable String productTitle,
    @Schema(description = "What it was activated with.", examples = "6901234567892")
        @Nullable String productCode,
    @Schema(description = "The mini program that a scan opens.", examples = "wxdemo00program01")
        @Nullable String wxaAppid,
    @Schema(description = "Its page.", examples = "pages/scan/index") @Nullable String wxaPath,
    @Schema(description = "0: released, 1: development, 2: trial.", examples = "0")
        @Nullable Integer wxaType,
    @Schema(description = "The first code that was activated with it.", examples = "0")
        @Nullable Long codeStart,
    @Schema(description = "The last code that was activated with it.", examples = "49999")
        @Nullable Long codeEnd,
    @Schema(description = "The range that WeChat made it in, where Yima knows it.")
        @Nullable RangeView range) {

  static FoundCodeView of(FoundCode found) {
    BoundCode told = found.told();
    CodeApplication application = found.application();
    return new FoundCodeView(
        told.code(),
        found.codeIndex(),
        application == null ? told.applicationId() : application.progress().applicationId(),
        application == null ? told.isvApplicationId() : application.key().isvApplicationId(),
        told.wxaAppid() != null,
        told.activityName(),
        told.productBrand(),
        told.productTitle(),
        told.productCode(),
        told.wxaAppid(),
        told.wxaPath(),
        told.wxaType(),
        told.codeStart(),
        told.codeEnd(),
        range(application, found.codeIndex()));
  }

  private static @Nullable RangeView range(
      @Nullable CodeApplication application, @Nullable Long codeIndex) {
    return application == null || codeIndex == null
        ? null
        : new ReadyRanges(application.progress().reported().ranges())
            .around(codeIndex)
            .map(RangeView::of)
            .orElse(null);
  }
}
