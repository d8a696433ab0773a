package io.yima.work;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.yima.wechat.Failure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong last, as it stands in every {@code last_error} column and in the API's answers.
 *
 * @param code a stable word of ours
 * @param remedy what a person can do about it
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record LastError(
    String code,
    @Nullable Integer errcode,
    @Nullable String errmsg,
    @Nullable String rid,
    @Nullable String remedy,
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
