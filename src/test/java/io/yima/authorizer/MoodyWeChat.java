package io.yima.authorizer;

import io.yima.authorizer.TokenModel.Outcome;
import io.yima.authorizer.TokenModel.Wait;
import io.yima.secrets.Secret;
import io.yima.wechat.Authorization;
import io.yima.wechat.AuthorizerPage;
import io.yima.wechat.AuthorizerProfile;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Failure.Loss;
import io.yima.wechat.IssuedToken;
import io.yima.wechat.RefreshedToken;
import io.yima.wechat.ScriptedWeChat;
import io.yima.wechat.WeChatResult;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.wechat.WeChatResult.Success;
import jakarta.enterprise.inject.Vetoed;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A WeChat that knows who authorized and which one refresh token of each merchant works, and that
 * has a mood for every turn. Remembers how the last turn ended.
 */
@Vetoed
final class MoodyWeChat extends ScriptedWeChat {

  private static final String REFRESH = "api_authorizer_token";
  private static final String INFO = "api_get_authorizer_info";
  private static final Set<Integer> SETS = Set.of(1, 46);
  private static final Runnable NOTHING = () -> {};

  /** What is wrong with WeChat during one turn. */
  enum Mood {
    SOUND,
    /** Gives another refresh token; the former one is dead at once. */
    ROTATING,
    BUSY,
    /** Gives another refresh token, and the answer is lost. */
    RESET,
    /** As before, but nobody knows whether it is over. */
    TIMED_OUT,
    /** 45009. */
    QUOTA,
    /** 45011. */
    TOO_FAST,
    UNKNOWN_NUMBER,
    /** Says once that the merchant has not authorized, though it has. */
    DOUBTFUL,
    /** Calls every refresh token dead. */
    DENYING,
    /** As before, and does not say what it holds itself. */
    DENYING_AND_BUSY
  }

  /** What came of a turn so far. */
  private static final class Turn {
    private final Set<String> dead = new HashSet<>();
    private String told;
    private String found;
    private Outcome outcome;

    /** A refresh token was tried. */
    void tried(String token, boolean calledDead) {
      if (calledDead) {
        dead.add(token);
      } else if (token.equals(told) && !dead.contains(token)) {
        found = token;
      }
    }

    void later(Wait wait) {
      outcome = new Outcome.Later(wait, null, Set.of());
    }

    Outcome outcome() {
      return outcome instanceof Outcome.Later later
          ? new Outcome.Later(later.until(), found, Set.copyOf(dead))
          : outcome;
    }
  }

  /** What WeChat has of a merchant. */
  private static final class Merchant {
    private final String appid;
    private boolean authorized = true;
    private String refresh;
    private String told;
    private String code;
    private int issued;
    private int number;
    private Mood mood = Mood.SOUND;
    private boolean doubted;
    private Runnable meanwhile = NOTHING;
    private Turn turn = new Turn();

    Merchant(String appid) {
      this.appid = appid;
    }

    String next(String kind) {
      number++;
      return kind + "@@@" + appid + "-" + number;
    }

    /** No two of a merchant's tokens live equally long. */
    Duration life() {
      issued++;
      return Duration.ofMillis(7_200_000 - issued * 1_000L - appid.charAt(appid.length() - 1));
    }

    void rotate() {
      refresh = next("refreshtoken");
    }
  }

  private final Map<String, Merchant> merchants = new ConcurrentHashMap<>();
  private Outcome.Fresh lastExchange;

  /** Nobody has authorized. */
  void forget() {
    merchants.clear();
  }

  /** Gives the authorization code. */
  String authorize(String appid) {
    Merchant merchant = merchants.computeIfAbsent(appid, Merchant::new);
    merchant.authorized = true;
    merchant.rotate();
    merchant.code = merchant.next("queryauthcode");
    return merchant.code;
  }

  /** The refresh token that is told with an authorization. */
  String refreshToken(String appid) {
    Merchant merchant = merchant(appid);
    merchant.told = merchant.refresh;
    return merchant.refresh;
  }

  /** What the last code was exchanged for; null: for nothing. Tells it once. */
  Outcome.Fresh exchange() {
    Outcome.Fresh exchanged = lastExchange;
    lastExchange = null;
    return exchanged;
  }

  void revoke(String appid) {
    merchant(appid).authorized = false;
  }

  boolean isAuthorized(String appid) {
    return merchant(appid).authorized;
  }

  /**
   * @param meanwhile happens between WeChat's answer and whatever is made of it
   */
  void next(String appid, Mood mood, Runnable meanwhile) {
    Merchant merchant = merchant(appid);
    merchant.mood = mood;
    merchant.doubted = false;
    merchant.meanwhile = meanwhile;
    merchant.turn = new Turn();
  }

  Outcome outcome(String appid) {
    return merchant(appid).turn.outcome();
  }

  /**
   * The refresh token that works, if it was told and not called dead since; else null. One that
   * came late may be dropped when it is called dead, though wrongly: info and list tell it again.
   */
  String toldAndAlive(String appid) {
    Merchant merchant = merchant(appid);
    return merchant.authorized && merchant.refresh.equals(merchant.told) ? merchant.told : null;
  }

  @Override
  public WeChatResult<Authorization> queryAuth(
      String componentAppid, Secret componentToken, Secret code, Deadline deadline) {
    for (Merchant merchant : merchants.values()) {
      if (merchant.authorized && code.reveal().equals(merchant.code)) {
        merchant.code = null;
        Outcome.Fresh fresh = fresh(merchant, merchant.refresh, merchant.refresh);
        lastExchange = fresh;
        return new Success<>(
            new Authorization(merchant.appid, issued(fresh), secret(fresh.answered()), SETS));
      }
    }
    return says("api_query_auth", 61009);
  }

  @Override
  public WeChatResult<RefreshedToken> refreshAuthorizerToken(
      String componentAppid,
      Secret componentToken,
      String appid,
      Secret refreshToken,
      Deadline deadline) {
    Merchant merchant = merchant(appid);
    WeChatResult<RefreshedToken> answer = refreshed(merchant, refreshToken.reveal());
    boolean calledDead = isDead(answer);
    merchant.turn.tried(refreshToken.reveal(), calledDead);
    if (calledDead && refreshToken.reveal().equals(merchant.told)) {
      merchant.told = null;
    }
    if (merchant.turn.outcome != null && !calledDead) {
      Turn turn = merchant.turn;
      Runnable meanwhile = merchant.meanwhile;
      merchant.meanwhile = NOTHING;
      merchant.turn = new Turn();
      meanwhile.run();
      merchant.turn = turn;
    }
    return answer;
  }

  private static boolean isDead(WeChatResult<?> answer) {
    return answer instanceof Failed<?>(Failure failure)
        && TokenRefresher.lost(failure, Loss.REFRESH_TOKEN_INVALID);
  }

  private static WeChatResult<RefreshedToken> refreshed(Merchant merchant, String token) {
    if (!merchant.authorized || (merchant.mood == Mood.DOUBTFUL && !merchant.doubted)) {
      merchant.doubted = true;
      return says(REFRESH, 61003);
    }
    boolean alive = token.equals(merchant.refresh);
    return switch (merchant.mood) {
      case BUSY -> fails(merchant, Wait.SHORT, says(REFRESH, -1));
      case TOO_FAST -> fails(merchant, Wait.SHORT, says(REFRESH, 45011));
      case QUOTA -> fails(merchant, Wait.NEXT_DAY, says(REFRESH, 45009));
      case UNKNOWN_NUMBER -> fails(merchant, Wait.UNTIL_MENDED, says(REFRESH, 87_654));
      case DENYING, DENYING_AND_BUSY -> says(REFRESH, 61023);
      case SOUND, DOUBTFUL, ROTATING, RESET, TIMED_OUT ->
          alive ? answered(merchant, token) : says(REFRESH, 61023);
    };
  }

  private static WeChatResult<RefreshedToken> answered(Merchant merchant, String token) {
    if (merchant.mood != Mood.SOUND && merchant.mood != Mood.DOUBTFUL) {
      merchant.rotate();
    }
    if (merchant.mood == Mood.RESET) {
      return fails(merchant, Wait.SHORT, lost(REFRESH, false));
    }
    if (merchant.mood == Mood.TIMED_OUT) {
      return fails(merchant, Wait.UNDER_WAY, lost(REFRESH, true));
    }
    String answered = merchant.refresh.equals(token) ? null : merchant.refresh;
    Outcome.Fresh fresh = fresh(merchant, token, answered);
    merchant.turn.outcome = fresh;
    return new Success<>(
        new RefreshedToken(issued(fresh), answered == null ? null : secret(answered)));
  }

  @Override
  public WeChatResult<AuthorizerProfile> authorizerInfo(
      String componentAppid, Secret componentToken, String appid, Deadline deadline) {
    Merchant merchant = merchant(appid);
    if (!merchant.authorized) {
      merchant.turn.outcome = new Outcome.Gone(AuthorizerStatus.REVOKED);
      return says(INFO, 61003);
    }
    if (merchant.mood == Mood.DENYING_AND_BUSY) {
      return fails(merchant, Wait.SHORT, says(INFO, -1));
    }
    merchant.turn.told = merchant.refresh;
    if (merchant.mood == Mood.DENYING) {
      merchant.turn.outcome = new Outcome.Gone(AuthorizerStatus.REAUTHORIZATION_REQUIRED);
    } else {
      merchant.turn.later(Wait.SHORT);
    }
    return new Success<>(
        new AuthorizerProfile(
            appid,
            "商户",
            "商户有限公司",
            null,
            "gh_1",
            2,
            0,
            1,
            false,
            SETS,
            true,
            secret(merchant.refresh)));
  }

  @Override
  public WeChatResult<AuthorizerPage> authorizerList(
      String componentAppid, Secret componentToken, int offset, int count, Deadline deadline) {
    List<AuthorizerPage.Listed> listed =
        merchants.values().stream()
            .filter(merchant -> merchant.authorized)
            .map(one -> new AuthorizerPage.Listed(one.appid, secret(one.refresh), 0L))
            .toList();
    return new Success<>(new AuthorizerPage(listed.size(), listed.size(), listed));
  }

  private static Outcome.Fresh fresh(Merchant merchant, String used, String answered) {
    Outcome.Fresh fresh =
        new Outcome.Fresh(merchant.next("accesstoken"), merchant.life(), used, answered);
    merchant.told = merchant.refresh;
    return fresh;
  }

  private static <T> WeChatResult<T> fails(Merchant merchant, Wait wait, WeChatResult<T> answer) {
    merchant.turn.later(wait);
    return answer;
  }

  private static IssuedToken issued(Outcome.Fresh fresh) {
    return new IssuedToken(secret(fresh.access()), fresh.life());
  }

  private static Secret secret(String token) {
    return Secret.of(token);
  }

  private Merchant merchant(String appid) {
    return merchants.get(appid);
  }
}
