package io.yima.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yima.sandbox.World.Account;

/** The {@code authorizer_info} of an account. */
final class AuthorizerProfile {

  private AuthorizerProfile() {}

  static ObjectNode of(Account account) {
    ObjectNode info =
        Json.object()
            .put("nick_name", account.nickName)
            .put("head_img", account.headImg)
            .put("user_name", account.userName)
            .put("alias", "")
            .put("qrcode_url", "")
            .put("idc", 1)
            .put("principal_name", account.principalName)
            .put("signature", "")
            .put("register_type", 0)
            .put("account_status", account.accountStatus);
    info.putObject("service_type_info")
        .put("id", account.serviceType)
        .put("name", serviceType(account.serviceType));
    info.putObject("verify_type_info")
        .put("id", account.verifyType)
        .put("name", account.verifyType < 0 ? "未认证" : "微信认证");
    info.putObject("business_info")
        .put("open_pay", 0)
        .put("open_shake", 0)
        .put("open_scan", 0)
        .put("open_card", 0)
        .put("open_store", 0);
    info.putObject("basic_config")
        .put("is_phone_configured", true)
        .put("is_email_configured", true);
    if (account.miniProgram) {
      // Its presence alone tells that the account is a mini program.
      ObjectNode program = info.putObject("MiniProgramInfo").put("visit_status", 0);
      program.putObject("network").putArray("RequestDomain");
      program.putArray("categories");
    }
    return info;
  }

  private static String serviceType(int id) {
    return switch (id) {
      case 0 -> "订阅号";
      case 1 -> "由历史老帐号升级后的订阅号";
      case 2 -> "服务号";
      default -> "";
    };
  }
}
