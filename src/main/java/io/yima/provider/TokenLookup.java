package io.yima.provider;

import io.yima.secrets.Secret;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatError;
import io.yima.work.LastError;
import org.jspecify.annotations.Nullable;

/** What looking for a component token came to. */
sealed interface TokenLookup {

  record Valid(String componentAppid, Secret token) implements TokenLookup {}

  /** There is none; the failure says why, and that the caller's own call was never sent. */
  record Missing(Failure failure) implements TokenLookup {}

  static Missing missing(String errmsg) {
    return missing(null, errmsg, null);
  }

  /** Of a fetch that failed, now or before. */
  static Missing missing(LastError error) {
    String words = error.errmsg();
    return missing(error.errcode(), words == null ? error.code() : words, error.rid());
  }

  private static Missing missing(@Nullable Integer errcode, String errmsg, @Nullable String rid) {
    WeChatError error = new WeChatError("api_component_token", errcode, errmsg, rid);
    return new Missing(new Failure.Unavailable(error, false));
  }
}
