package io.yima.readiness;

import static io.yima.readiness.ReadinessItem.ACCOUNT_STATUS;
import static io.yima.readiness.ReadinessItem.AUTHORIZATION;
import static io.yima.readiness.ReadinessItem.CODE_KEY;
import static io.yima.readiness.ReadinessItem.FEATURE;
import static io.yima.readiness.ReadinessItem.PERMISSION_SET;
import static io.yima.readiness.ReadinessItem.PLATFORM;
import static io.yima.readiness.ReadinessItem.QUOTA;
import static io.yima.readiness.ReadinessItem.SERVICE_ACCOUNT;
import static io.yima.readiness.ReadinessItem.TOKEN;

import io.yima.authorizer.AuthorizerAccount;
import io.yima.authorizer.AuthorizerStatus;
import io.yima.authorizer.TokenState;
import io.yima.quota.ApiQuotas.Standing;
import io.yima.quota.FeatureWitness;
import io.yima.quota.ShanghaiDay;
import io.yima.readiness.LiveAnswers.Answer;
import io.yima.readiness.ReadinessFacts.FeatureEvidence;
import io.yima.wechat.ApiQuota;
import io.yima.wechat.Failure;
import io.yima.wechat.Remedy;
import io.yima.wechat.WeChatError;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the checklist out of what is stored and of what WeChat said just now: where it was asked
 * and its answer tells, that counts; else what is known.
 */
final class ReadinessRules {

  private static final int NORMAL = 1;
  private static final int WARNED = 18;

  private static final Remedy AUTHORIZE =
      new Remedy(
          "Send the merchant a new authorization link and let it authorize again.",
          "给商家发送新的授权链接，请其管理员重新授权。");

  private static final Remedy GRANT =
      new Remedy(
          "Let the merchant's administrator authorize again with permission set 46 (微信一物一码)"
              + " ticked.",
          "请商家管理员重新授权，并勾选权限集 46（微信一物一码）。");

  private static final Remedy OTHER_ACCOUNT =
      new Remedy(
          "Only service accounts (服务号) can have marketing codes: let the merchant authorize with"
              + " one.",
          "只有服务号可以使用一物一码：请商家用服务号授权。");

  private static final Remedy SETTLE =
      new Remedy(
          "The merchant must settle it with WeChat, in the account's own backend (mp.weixin.qq.com).",
          "须由商家在公众号后台（mp.weixin.qq.com）与微信处理。");

  private static final Remedy OPEN =
      new Remedy(
          "Let the merchant apply for 微信一物一码 in the account's own backend (mp.weixin.qq.com).",
          "请商家在公众号后台（mp.weixin.qq.com）申请开通“微信一物一码”。");

  private static final Remedy RENEWAL =
      new Remedy(
          "Yima goes on renewing it; POST …/token/refresh does so now.",
          "Yima 会继续刷新；POST …/token/refresh 可立即刷新。");

  private static final Remedy NEXT_DAY =
      new Remedy(
          "Wait for the next day in Shanghai, or clear the quota in WeChat's console.",
          "等到次日（北京时间），或在微信后台清零额度。");

  private static final Remedy STORE_KEY =
      new Remedy(
          "Ask the merchant for the key that WeChat sent when it opened 微信一物一码, and store it with"
              + " PUT …/code-key. Ordering does without; downloading does not.",
          "向商家索取开通“微信一物一码”时微信下发的密钥，用 PUT …/code-key 存入。下单不需要它，下载码需要。");

  private static final Remedy OTHER_KEY =
      new Remedy(
          "The key that is stored is not the merchant's: store the right one with PUT …/code-key."
              + " Nothing is lost, and what waits for it is fetched at once.",
          "已存入的密钥不是该商家的：请用 PUT …/code-key 存入正确的密钥。什么都不会丢失，等待它的码包会立即获取。");

  private final ReadinessFacts facts;
  private final AuthorizerAccount account;
  private final Answer aboutAccount;
  private final Answer aboutApplication;
  private final List<ApiQuota> told;
  private final Instant now;

  ReadinessRules(ReadinessFacts facts, @Nullable LiveAnswers live, Instant now) {
    Answer none = new Answer.None("WeChat was not asked: ?live=true does");
    this.facts = facts;
    this.account = facts.account();
    this.aboutAccount = live == null ? none : live.account();
    this.aboutApplication = live == null ? none : live.application();
    this.told = live == null ? List.of() : live.quotas();
    this.now = now;
  }

  /** Every item, each once. */
  List<ReadinessCheck> checks() {
    return List.of(
        orRefusal(platform()),
        orRefusal(authorization()),
        serviceAccount(),
        orRefusal(accountStatus()),
        orRefusal(permissionSet()),
        orRefusal(token()),
        orRefusal(feature()),
        orRefusal(quota()),
        codeKey());
  }

  /** A refusal of just now that is about this item outweighs what is stored. */
  private ReadinessCheck orRefusal(ReadinessCheck stored) {
    for (Answer answer : List.of(aboutAccount, aboutApplication)) {
      if (answer instanceof Answer.Refused(Failure failure)
          && ReadinessRefusal.about(failure) == stored.item()) {
        return ReadinessCheck.refused(stored.item(), failure);
      }
    }
    return stored;
  }

  private ReadinessCheck platform() {
    if (reached(aboutAccount) || reached(aboutApplication)) {
      return ReadinessCheck.ok(PLATFORM, "WeChat answered just now");
    }
    if (!facts.platform().ok()) {
      return facts.platform().error() == null
          ? new ReadinessCheck(
              PLATFORM,
              false,
              facts.platform().code(),
              facts.platform().remedy().orElse(null),
              null)
          : ReadinessCheck.failed(
              PLATFORM, facts.platform().error(), facts.platform().remedy().orElse(RENEWAL));
    }
    return aboutAccount instanceof Answer.Refused(Failure failure)
        ? ReadinessCheck.untold(PLATFORM, failure)
        : ReadinessCheck.ok(PLATFORM, null);
  }

  /** Whether WeChat answered about the merchant, be it with a refusal. */
  private static boolean reached(Answer answer) {
    return switch (answer) {
      case Answer.Told() -> true;
      case Answer.None _ -> false;
      case Answer.Refused(Failure failure) -> {
        ReadinessItem about = ReadinessRefusal.about(failure);
        yield FeatureWitness.passedEveryGate(failure)
            || (about != null && about != PLATFORM && failure.error().errcode() != null);
      }
    };
  }

  private ReadinessCheck authorization() {
    return account.standing().status() == AuthorizerStatus.ACTIVE
        ? ReadinessCheck.ok(AUTHORIZATION, null)
        : ReadinessCheck.wrong(AUTHORIZATION, account.standing().status().name(), AUTHORIZE);
  }

  private ReadinessCheck serviceAccount() {
    if (account.miniProgram()) {
      return ReadinessCheck.wrong(SERVICE_ACCOUNT, "It is a mini program.", OTHER_ACCOUNT);
    }
    if (account.serviceType() == null) {
      return ReadinessCheck.unknown(SERVICE_ACCOUNT, "WeChat has not told yet.");
    }
    String detail = "service_type " + account.serviceType();
    return account.standing().serviceAccount()
        ? ReadinessCheck.ok(SERVICE_ACCOUNT, detail)
        : ReadinessCheck.wrong(SERVICE_ACCOUNT, detail, OTHER_ACCOUNT);
  }

  private ReadinessCheck accountStatus() {
    Integer status = account.accountStatus();
    if (status == null) {
      return ReadinessCheck.unknown(ACCOUNT_STATUS, "WeChat has not told yet.");
    }
    String detail = "account_status " + status;
    return switch (status) {
      case NORMAL -> ReadinessCheck.ok(ACCOUNT_STATUS, detail);
      case WARNED -> ReadinessCheck.ok(ACCOUNT_STATUS, detail + ": WeChat has warned the account");
      case 14 -> ReadinessCheck.wrong(ACCOUNT_STATUS, detail + ": cancelled", SETTLE);
      case 16 -> ReadinessCheck.wrong(ACCOUNT_STATUS, detail + ": banned", SETTLE);
      case 19 -> ReadinessCheck.wrong(ACCOUNT_STATUS, detail + ": frozen", SETTLE);
      default -> ReadinessCheck.unknown(ACCOUNT_STATUS, detail + ": not known to Yima");
    };
  }

  private ReadinessCheck permissionSet() {
    return account.standing().marketingCodeSet()
        ? ReadinessCheck.ok(PERMISSION_SET, "46")
        : ReadinessCheck.wrong(PERMISSION_SET, "46 is not granted", GRANT);
  }

  private ReadinessCheck token() {
    TokenState token = account.token();
    if (passedTokenGate()) {
      return ReadinessCheck.ok(TOKEN, "WeChat took it just now");
    }
    return switch (token.state()) {
      case FRESH, DUE -> ReadinessCheck.ok(TOKEN, token.state().name());
      case FAILING, NONE ->
          token.lastError() == null
              ? ReadinessCheck.wrong(
                  TOKEN,
                  token.state().name(),
                  account.standing().status() == AuthorizerStatus.ACTIVE ? RENEWAL : AUTHORIZE)
              : ReadinessCheck.failed(TOKEN, token.lastError(), RENEWAL);
    };
  }

  private boolean passedTokenGate() {
    return switch (aboutApplication) {
      case Answer.Told() -> true;
      case Answer.None _ -> false;
      case Answer.Refused(Failure failure) -> {
        ReadinessItem about = ReadinessRefusal.about(failure);
        yield FeatureWitness.passedEveryGate(failure)
            || about == FEATURE
            || about == PERMISSION_SET
            || about == QUOTA;
      }
    };
  }

  private ReadinessCheck feature() {
    return switch (aboutApplication) {
      case Answer.Told() -> ReadinessCheck.ok(FEATURE, "WeChat answered just now");
      case Answer.Refused(Failure failure) when FeatureWitness.passedEveryGate(failure) ->
          ReadinessCheck.ok(FEATURE, "WeChat looked for an application just now, and knows none");
      case Answer.Refused(Failure failure) when ReadinessRefusal.about(failure) == null ->
          facts.feature().servedAt() == null
              ? ReadinessCheck.untold(FEATURE, failure)
              : evidence(null);
      case Answer.Refused _ -> evidence(null);
      case Answer.None(String why) -> evidence(why);
    };
  }

  private ReadinessCheck evidence(@Nullable String why) {
    FeatureEvidence feature = facts.feature();
    Instant refused = feature.refusedAt();
    Instant served = feature.servedAt();
    if (refused != null && (served == null || refused.isAfter(served))) {
      return new ReadinessCheck(
          FEATURE,
          false,
          "WeChat answered 48001 at " + refused,
          OPEN,
          new WeChatError("", 48001, feature.refusal() == null ? "" : feature.refusal(), null));
    }
    if (served != null) {
      return ReadinessCheck.ok(FEATURE, "WeChat last served it at " + served);
    }
    return ReadinessCheck.unknown(FEATURE, why == null ? "Nothing was ever ordered." : why);
  }

  private ReadinessCheck quota() {
    for (String api : LiveQuestions.APIS) {
      Standing standing = facts.quotas().getOrDefault(api, Standing.UNUSED);
      if (standing.parkedUntil() != null) {
        return ReadinessCheck.wrong(QUOTA, usedUp(api, standing.parkedUntil()), NEXT_DAY);
      }
      if (standing.slowedUntil() != null) {
        return ReadinessCheck.unknown(
            QUOTA, "calls are too frequent for WeChat; they pause until " + standing.slowedUntil());
      }
    }
    for (ApiQuota quota : told) {
      if (quota.remain() != null && quota.remain() <= 0) {
        return ReadinessCheck.wrong(QUOTA, "used up on " + ShanghaiDay.of(now), NEXT_DAY);
      }
    }
    return ReadinessCheck.ok(QUOTA, usedUpBesides());
  }

  /** The interfaces that no order needs; null where none is used up. */
  private @Nullable String usedUpBesides() {
    String others =
        facts.quotas().entrySet().stream()
            .filter(one -> one.getValue().parkedUntil() != null)
            .map(one -> usedUp(one.getKey(), one.getValue().parkedUntil()))
            .sorted()
            .collect(Collectors.joining(", "));
    return others.isEmpty() ? null : others;
  }

  private static String usedUp(String api, @Nullable Instant until) {
    return api + " is used up until " + until;
  }

  private ReadinessCheck codeKey() {
    if (!facts.codeKey().stored()) {
      return ReadinessCheck.wrong(CODE_KEY, "It is not stored.", STORE_KEY);
    }
    if (facts.codeKey().refusedAt() != null) {
      return ReadinessCheck.wrong(
          CODE_KEY,
          "It did not open the merchant's codes at " + facts.codeKey().refusedAt(),
          OTHER_KEY);
    }
    return ReadinessCheck.ok(
        CODE_KEY,
        facts.codeKey().provedAt() == null
            ? "It is stored, and has opened no codes yet."
            : "It has opened codes since " + facts.codeKey().provedAt());
  }
}
