package io.yima.wechat;

import io.yima.secrets.Secret;
import jakarta.ws.rs.core.Response;
import java.util.List;

/**
 * One call to be made.
 *
 * @param body what it says
 * @param request the HTTP request
 * @param secrets all that are sent with it
 * @param reader makes the value out of an answer without error number
 */
record Call<T>(
    Endpoint endpoint, Json body, Request request, List<Secret> secrets, Reader<T> reader) {

  /** Sends the body to where it belongs. */
  interface Request {
    Response send(WeChatApi api, RequestBody body);
  }

  /** Understands an answer, or says why it cannot. */
  interface Reader<T> {
    T read(Answer answer) throws Answer.Broken;
  }
}
