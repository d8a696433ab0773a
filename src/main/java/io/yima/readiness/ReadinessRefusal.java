package io.yima.readiness;

import io.yima.authorizer.AuthorizerTokens;
import io.yima.wechat.Failure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which item of the checklist a refusal of WeChat's is about [TROUBLE]. A call passes several
 * gates: the caller's address, the platform, the token, the set granted to the platform, the
 * feature of the account, the quota.
 */
final class ReadinessRefusal {

  private static final Set<Integer> FEATURE = Set.of(48001, 48004);
  private static final Set<Integer> ACCOUNT = Set.of(50002);

  private static final Set<Integer> SET =
      Set.of(61007, 61016, 61017, 61018, 61019, 61020, 61021, 61022);

  private static final Set<Integer> PLATFORM =
      Set.of(
          40001, 40013, 40014, 40090, 40094, 40125, 40164, 45035, 61000, 61001, 61004, 61011, 61026,
          61027, 61028, 61029, 61030, 89503);

  private ReadinessRefusal() {}

  /** Null: it says nothing about any of them. */
  static @Nullable ReadinessItem about(Failure failure) {
    return switch (failure) {
      case Failure.AuthorizationLost _ -> ReadinessItem.AUTHORIZATION;
      case Failure.QuotaExhausted _ ->
          // Of the interface that is asked about, not of the one that tokens come from.
          failure.error().api().equals(AuthorizerTokens.API)
              ? ReadinessItem.TOKEN
              : ReadinessItem.QUOTA;
      case Failure.TokenRejected(_, Failure.RejectedToken which) ->
          which == Failure.RejectedToken.COMPONENT ? ReadinessItem.PLATFORM : ReadinessItem.TOKEN;
      case Failure.Misconfigured _, Failure.Rejected _ -> about(failure.error().errcode());
      case Failure.Unavailable _, Failure.OutcomeUnknown _, Failure.RateLimited _ -> null;
    };
  }

  private static @Nullable ReadinessItem about(@Nullable Integer errcode) {
    if (errcode == null || PLATFORM.contains(errcode)) {
      return ReadinessItem.PLATFORM;
    }
    if (FEATURE.contains(errcode)) {
      return ReadinessItem.FEATURE;
    }
    if (SET.contains(errcode)) {
      return ReadinessItem.PERMISSION_SET;
    }
    return ACCOUNT.contains(errcode) ? ReadinessItem.ACCOUNT_STATUS : null;
  }
}
