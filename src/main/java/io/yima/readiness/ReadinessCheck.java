package io.yima.readiness;

import io.yima.wechat.Failure;
import io.yima.wechat.Remedy;
import io.yima.wechat.WeChatError;
import io.yima.work.LastError;
import org.jspecify.annotations.Nullable;

/**
 * One item of the checklist.
 *
 * @param ok null: nobody knows
 * @param detail in a few English words
 * @param wechat WeChat's own words, where they are the reason
 */
record ReadinessCheck(
    ReadinessItem item,
    @Nullable Boolean ok,
    @Nullable String detail,
    @Nullable Remedy remedy,
    @Nullable WeChatError wechat) {

  static ReadinessCheck ok(ReadinessItem item, @Nullable String detail) {
    return new ReadinessCheck(item, true, detail, null, null);
  }

  static ReadinessCheck wrong(ReadinessItem item, String detail, Remedy remedy) {
    return new ReadinessCheck(item, false, detail, remedy, null);
  }

  static ReadinessCheck unknown(ReadinessItem item, String detail) {
    return new ReadinessCheck(item, null, detail, null, null);
  }

  /** WeChat refused a call for this reason. */
  static ReadinessCheck refused(ReadinessItem item, Failure failure) {
    return new ReadinessCheck(
        item,
        false,
        "WeChat refuses: " + failure.code(),
        Remedy.of(failure).orElse(null),
        failure.error());
  }

  /** WeChat was asked and gave nothing that tells. */
  static ReadinessCheck untold(ReadinessItem item, Failure failure) {
    return new ReadinessCheck(
        item,
        null,
        "WeChat gave no answer that tells: " + failure.code(),
        Remedy.of(failure).orElse(null),
        failure.error());
  }

  /** Something failed earlier and stands in a {@code last_error}. */
  static ReadinessCheck failed(ReadinessItem item, LastError error, Remedy otherwise) {
    return new ReadinessCheck(
        item,
        false,
        error.code() + " at " + error.at(),
        Remedy.of(error.code(), error.errcode(), error.errmsg(), error.remedy()).orElse(otherwise),
        error.errcode() == null
            ? null
            : new WeChatError(
                "", error.errcode(), error.errmsg() == null ? "" : error.errmsg(), error.rid()));
  }
}
