package io.yima.wechat;

import io.yima.secrets.Secret;
import io.yima.wechat.Answer.Broken;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.wechat.AuthorizerPage.Listed;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes values out of answers without error number, insisting on what cannot be done without. */
final class Answers {

  private final Oddities oddities;

  Answers(Oddities oddities) {
    this.oddities = oddities;
  }

  IssuedToken componentToken(Answer answer) throws Broken {
    return issued(Endpoint.COMPONENT_TOKEN, answer, "component_access_token");
  }

  Acknowledged acknowledged(Answer answer) throws Broken {
    if (!answer.has("errcode") && !answer.has("errmsg")) {
      throw new Broken("the answer lacks errcode");
    }
    String errmsg = answer.text("errmsg");
    return new Acknowledged(errmsg == null ? "" : errmsg);
  }

  IssuedToken preAuthCode(Answer answer) throws Broken {
    return issued(Endpoint.PRE_AUTH_CODE, answer, "pre_auth_code");
  }

  /** The code is spent by now, so whatever came is kept, even without func_info. */
  Authorization authorization(Answer answer) throws Broken {
    Answer info = answer.requireObject("authorization_info");
    String accessToken = "authorizer_access_token";
    Set<Integer> permissionSets = info.permissionSets();
    return new Authorization(
        info.requireText("authorizer_appid"),
        info.has(accessToken) ? issued(Endpoint.QUERY_AUTH, info, accessToken) : null,
        info.secret("authorizer_refresh_token"),
        permissionSets.isEmpty() ? null : permissionSets);
  }

  RefreshedToken refreshedToken(Answer answer, String authorizerAppid) throws Broken {
    requireSame(authorizerAppid, answer.text("authorizer_appid"));
    return new RefreshedToken(
        issued(Endpoint.AUTHORIZER_TOKEN, answer, "authorizer_access_token"),
        answer.secret("authorizer_refresh_token"));
  }

  /** Without func_info nothing is known about what was granted, which is not "nothing". */
  AuthorizerProfile profile(Answer answer, String authorizerAppid) throws Broken {
    Answer account = answer.requireObject("authorizer_info");
    if (account.isEmpty()) {
      throw new Broken("the answer's authorizer_info is empty");
    }
    Answer granted = answer.requireObject("authorization_info");
    requireSame(authorizerAppid, granted.text("authorizer_appid"));
    if (!granted.hasList("func_info")) {
      throw new Broken("the answer lacks func_info");
    }
    return new AuthorizerProfile(
        authorizerAppid,
        account.text("nick_name"),
        account.text("principal_name"),
        account.text("head_img"),
        account.text("user_name"),
        account.object("service_type_info").integer("id"),
        account.object("verify_type_info").integer("id"),
        account.integer("account_status"),
        account.has("MiniProgramInfo"),
        granted.permissionSets(),
        granted.tellsAllPermissionSets(),
        granted.secret("authorizer_refresh_token"));
  }

  /** A total that is missing or nonsense counts as 0: whoever reads on goes by full pages too. */
  AuthorizerPage page(Answer answer) throws Broken {
    Long total = answer.number("total_count");
    if (!answer.has("total_count") && !answer.has("list")) {
      throw new Broken("the answer lacks total_count");
    }
    List<Answer> entries = answer.optionalList("list");
    List<Listed> listed = new ArrayList<>();
    for (Answer entry : entries) {
      String appid = entry.text("authorizer_appid");
      if (appid != null) {
        // The key is refresh_token here and authorizer_refresh_token elsewhere [ALIST].
        Secret refreshToken = entry.secret("refresh_token");
        listed.add(new Listed(appid, refreshToken, entry.number("auth_time")));
      }
    }
    return new AuthorizerPage(total == null || total < 0 ? 0 : total, entries.size(), listed);
  }

  AppliedCode appliedCode(Answer answer) throws Broken {
    Long applicationId = answer.id("application_id");
    if (applicationId == null) {
      throw new Broken("the answer lacks application_id");
    }
    return new AppliedCode(applicationId);
  }

  ApplicationStatus status(Answer answer) throws Broken {
    if (!answer.has("errcode") && !answer.has("status")) {
      throw new Broken("the answer lacks status");
    }
    return new ApplicationStatus(
        answer.text("status"),
        answer.id("application_id"),
        answer.text("isv_application_id"),
        ranges(answer),
        answer.text("create_time"),
        answer.text("update_time"));
  }

  EncryptedCodes encryptedCodes(Answer answer) throws Broken {
    return new EncryptedCodes(answer.requireSecret("buffer").reveal());
  }

  /** Without an error the answer is a code, even where nothing is told about it. */
  BoundCode boundCode(Answer answer) throws Broken {
    if (!answer.has("errcode") && !answer.has("errmsg") && !answer.has("code")) {
      throw new Broken("the answer lacks errcode and code");
    }
    return new BoundCode(
        answer.text("code"),
        answer.id("application_id"),
        answer.text("isv_application_id"),
        answer.text("activity_name"),
        answer.text("product_brand"),
        answer.text("product_title"),
        answer.text("product_code"),
        answer.text("wxa_appid"),
        answer.text("wxa_path"),
        answer.integer("wxa_type"),
        count(answer, "code_start"),
        count(answer, "code_end"));
  }

  /** The whole of it, where it is one that {@link #boundCode} understands. */
  String boundCodeAsTold(Answer answer) throws Broken {
    boundCode(answer);
    return answer.json();
  }

  ApiQuota quota(Answer answer) throws Broken {
    Answer quota = answer.requireObject("quota");
    Long dailyLimit = count(quota, "daily_limit");
    if (dailyLimit == null) {
      throw new Broken("the answer's quota has no daily_limit that can be one");
    }
    return new ApiQuota(dailyLimit, count(quota, "used"), count(quota, "remain"));
  }

  private static @Nullable Long count(Answer answer, String name) {
    Long number = answer.number(name);
    return number == null || number < 0 ? null : number;
  }

  /** All or none: a batch with some of its ranges missing would pass for the whole one. */
  private List<CodeRange> ranges(Answer answer) {
    List<CodeRange> ranges = new ArrayList<>();
    for (Answer entry : answer.list("code_generate_list")) {
      Long start = entry.number("code_start");
      Long end = entry.number("code_end");
      if (start == null || end == null || start < 0 || end < start) {
        oddities.unreadableRanges(Endpoint.QUERY_APPLICATION);
        return List.of();
      }
      ranges.add(new CodeRange(start, end));
    }
    return ranges;
  }

  private IssuedToken issued(Endpoint endpoint, Answer answer, String name) throws Broken {
    return new IssuedToken(
        answer.requireSecret(name), oddities.life(endpoint, answer.number("expires_in")));
  }

  /** A merchant's tokens must never end up with another. */
  private static void requireSame(String asked, @Nullable String answered) throws Broken {
    if (answered != null && !answered.equals(asked)) {
      throw new Broken("the answer is about another authorizer_appid");
    }
  }
}
