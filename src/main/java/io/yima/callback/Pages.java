package io.yima.callback;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/** Answers to merchants' browsers: pages of ours and the ways out of them. */
final class Pages {

  // No form-action: browsers apply it to the redirect that follows the form too, and that one leads
  // to WeChat's page.
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

  private Pages() {}

  @CheckedTemplate(basePath = "callback")
  static final class Templates {

    private Templates() {}

    static native TemplateInstance notice(
        String zhTitle, String zhText, String enTitle, String enText, boolean button);
  }

  /** The invitation, with the button that leads to WeChat. */
  static Response invitation(String providerName) {
    return page(
        200,
        Templates.notice(
            "授权微信账号",
            providerName + " 邀请您授权公众号（服务号）。点击按钮后，请由管理员在微信页面确认。",
            "Authorize your WeChat account",
            providerName
                + " invites you to authorize your official account. Press the button, then let its"
                + " administrator confirm on WeChat's page.",
            true));
  }

  static Response notice(Notice notice) {
    return page(
        notice.status(),
        Templates.notice(
            notice.zhTitle(), notice.zhText(), notice.enTitle(), notice.enText(), false));
  }

  /** To another page, by GET whatever the method was. */
  static Response elsewhere(String address) {
    return headers(Response.seeOther(URI.create(address))).build();
  }

  private static Response page(int status, TemplateInstance template) {
    return headers(Response.status(status))
        .type(MediaType.TEXT_HTML + ";charset=UTF-8")
        .header("Content-Security-Policy", POLICY)
        .entity(template.render())
        .build();
  }

  private static Response.ResponseBuilder headers(Response.ResponseBuilder builder) {
    return builder
        // WeChat's page demands to be opened from the registered domain, and addresses of ours hold
        // links and codes: the origin, and nothing more.
        .header("Referrer-Policy", "origin")
        .header("Cache-Control", "no-store")
        .header("X-Content-Type-Options", "nosniff");
  }
}
