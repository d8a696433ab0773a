package io.yima.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.wechat.Failure;
import io.yima.wechat.WeChatError;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LastErrorTest {

  @Test
  void it_survives_its_column_and_keeps_the_names_of_the_contract() {
    Instant at = Instant.parse("2026-11-23T02:06:27.029193Z");
    LastError error =
        LastError.of(
            new Failure.Misconfigured(
                new WeChatError("applycode", 61004, "ip not registered", "r")),
            at);

    assertThat(error.toJson())
        .contains("\"code\":\"misconfigured\"", "\"errcode\":61004", "\"rid\":\"r\"", "\"remedy\":")
        .contains("\"at\":\"2026-11-23T02:06:27.029193Z\"");
    assertThat(LastError.parse(error.toJson())).isEqualTo(error);
    assertThat(error.remedy()).isNotBlank();
    assertThat(LastError.parse(null)).isNull();
  }
}
