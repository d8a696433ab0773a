package io.yima.provider;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/** The body of a registration, before it is checked. */
@JsonNaming(SnakeCaseStrategy.class)
record RegisterProvider(
    @Nullable String componentAppid,
    @Nullable String name,
    @Nullable String componentAppsecret,
    @Nullable String messageToken,
    @Nullable String encodingAesKey,
    @Nullable String returnUrl) {

  /** Names no secret. */
  @Override
  public String toString() {
    return "RegisterProvider[" + componentAppid + "]";
  }
}
