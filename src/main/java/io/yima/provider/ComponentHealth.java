package io.yima.provider;

import io.yima.wechat.Remedy;
import io.yima.work.LastError;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a component app can make calls, as far as is known without asking WeChat.
 *
 * @param code a stable word for what is in the way; null where nothing is
 * @param error what WeChat said, when that is the reason
 */
public record ComponentHealth(@Nullable String code, @Nullable LastError error) {

  private static final Remedy TICKET =
      new Remedy(
          "Wait for WeChat's next verify ticket (every 10 minutes); if none comes, check the address"
              + " for authorization events in the platform's console.",
          "等待微信推送下一个 component_verify_ticket（每 10 分钟一次）；若一直没有，请检查平台后台的授权事件接收地址。");

  static ComponentHealth of(ComponentState state, Instant now) {
    return switch (state.ticket(now)) {
      case NONE -> new ComponentHealth("ticket_missing", state.pushError());
      case EXPIRED -> new ComponentHealth("ticket_expired", state.pushError());
      case FRESH, OLD ->
          state.token(now) == ComponentState.Token.FAILING && state.lastError() != null
              ? new ComponentHealth(state.lastError().code(), state.lastError())
              : new ComponentHealth(null, null);
    };
  }

  public boolean ok() {
    return code == null;
  }

  /** What a person can do; empty where there is nothing to be done. */
  public Optional<Remedy> remedy() {
    if (ok()) {
      return Optional.empty();
    }
    Optional<Remedy> told =
        Optional.ofNullable(error)
            .flatMap(e -> Remedy.of(e.code(), e.errcode(), e.errmsg(), e.remedy()));
    return told.or(() -> noTicket() ? Optional.of(TICKET) : Optional.empty());
  }

  private boolean noTicket() {
    return code != null && code.startsWith("ticket_");
  }
}
