package io.yima.wechat;

import io.yima.secrets.Secret;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.function.Function;

/**
 * One call to be made.
 *
 * @param send the HTTP request
 * @param secrets all that are sent with it
 * @param reader makes the value out of an answer without error number
 */
record Call<T>(
    Endpoint endpoint, Function<WeChatApi, Response> send, List<Secret> secrets, Reader<T> reader) {

  /** Understands an answer, or says why it cannot. */
  interface Reader<T> {
    T read(Answer answer) throws Answer.Broken;
  }
}
