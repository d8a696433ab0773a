package io.yima.wechat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.yima.wechat.WeChatResult.Failed;
import jakarta.enterprise.inject.Vetoed;

/**
 * A WeChat whose answers a test thinks of itself, in the shape that the client gives to answers.
 * Calls that a test does not expect fail, because nobody is at their address.
 */
@Vetoed
public abstract class ScriptedWeChat extends WeChatClient {

  protected ScriptedWeChat() {
    super(TestConfig.at("http://127.0.0.1:1"), new SimpleMeterRegistry());
  }

  /** What the client makes of an error number. */
  protected static <T> WeChatResult<T> says(String api, int errcode) {
    Endpoint endpoint = Endpoint.of(api).orElseThrow();
    WeChatError error = WeChatError.answered(endpoint, errcode, "said by the test");
    return new Failed<>(ErrorCodes.classify(endpoint, errcode, error));
  }

  /** The call left, and no whole answer came. */
  protected static <T> WeChatResult<T> lost(String api, boolean timedOut) {
    Endpoint endpoint = Endpoint.of(api).orElseThrow();
    return new Failed<>(
        new Failure.OutcomeUnknown(WeChatError.ofOurs(endpoint, "no whole answer"), timedOut));
  }

  /** Nothing left this machine. */
  protected static <T> WeChatResult<T> notSent(String api) {
    Endpoint endpoint = Endpoint.of(api).orElseThrow();
    return new Failed<>(new Failure.Unavailable(WeChatError.ofOurs(endpoint, "not sent"), false));
  }
}
