package io.yima.work;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.yima.wechat.Failure;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong last, as it stands in every {@code last_error} column and in the API's answers.
 *
 * @param code a stable word of ours
 * @param remedy what a person can do about it
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(description = "What went wrong last.")
public record LastError(
    @Schema(description = "A stable word for it.", examples = "misconfigured") String code,
    @Schema(description = "WeChat's number, when it gave one.", examples = "61004")
        @Nullable Integer errcode,
    @Schema(description = "WeChat's text.", examples = "access clientip is not registered")
        @Nullable String errmsg,
    @Schema(
            description = "WeChat's name for the call; quote it to WeChat's support.",
            examples = "66f2a1b0-5c2d1e3f-1a2b3c4d")
        @Nullable String rid,
    @Schema(
            description = "What a person can do about it.",
            examples = "Add this server's address to the IP whitelist of the platform.")
        @Nullable String remedy,
    @Schema(description = "When it happened.", examples = "2026-09-27T02:03:04.567890Z")
        Instant at) {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  public static LastError of(Failure failure, Instant at) {
    return new LastError(
        failure.code(),
        failure.error().errcode(),
        failure.error().errmsg(),
        failure.error().rid(),
        failure.remedy().orElse(null),
        at);
  }

  /** An error of ours, without WeChat's part. */
  public static LastError of(String code, String remedy, Instant at) {
    return new LastError(code, null, null, null, remedy, at);
  }

  /** For a {@code jsonb} column. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** From a {@code jsonb} column. */
  public static @Nullable LastError parse(@Nullable String json) {
    try {
      return json == null ? null : JSON.readValue(json, LastError.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a last_error column holds something else", e);
    }
  }
}
