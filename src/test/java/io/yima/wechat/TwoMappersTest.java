package io.yima.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What WeChat may send us is more than what we take from our callers, and stays so. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class TwoMappersTest {

  /** An answer as a caller would have to send it. */
  public record Strict(int errcode, String errmsg) {}

  @Inject ObjectMapper ofRequests;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"errcode\":40001,\"errmsg\":\"x\",\"nothing\":1}",
        "{\"errcode\":1,\"errcode\":40001,\"errmsg\":\"x\"}",
        "{\"errcode\":\"40001\",\"errmsg\":\"x\"}",
        "{\"errcode\":40001,\"errmsg\":7}",
        "{\"errcode\":40001,\"errmsg\":\"x\"} trailing",
        "{\"errcode\":40001,\"errmsg\":\"\t\"}",
        "\uFEFF{\"errcode\":40001,\"errmsg\":\"x\"}",
      })
  void neither_reads_as_the_other_does(String json) throws Exception {
    assertThat(Answer.parse(json).errcode()).isEqualTo(40_001);

    assertThatThrownBy(() -> ofRequests.readValue(json, Strict.class))
        .isInstanceOf(JsonProcessingException.class);

    assertThat(Answer.parse(json).errcode()).isEqualTo(40_001);
  }
}
