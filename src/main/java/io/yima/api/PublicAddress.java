package io.yima.api;

import io.quarkus.runtime.Startup;
import io.smallrye.config.ConfigMapping;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/** The addresses under which WeChat and merchants' browsers reach this deployment. */
@Startup
@ApplicationScoped
public class PublicAddress {

  /** Setting of this class. */
  @ConfigMapping(prefix = "yima")
  interface Setting {

    /** The base of callback, redirect and link addresses. */
    URI publicUrl();
  }

  private final String base;

  PublicAddress(Setting setting) {
    URI uri = setting.publicUrl();
    String url = uri.toString();
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (uri.getHost() == null
        || !Set.of("http", "https").contains(scheme)
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || uri.getUserInfo() != null) {
      throw new IllegalStateException(
          "YIMA_PUBLIC_URL is '"
              + url
              + "' but must be an http or https address with a host and nothing behind its path,"
              + " such as https://yima.example.com.");
    }
    base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /** Where WeChat pushes tickets and changes of authorization. */
  public String events(String componentAppid) {
    return base + "/wechat/" + componentAppid + "/events";
  }

  /** Where WeChat pushes merchants' messages; holds WeChat's own placeholder. */
  public String messages(String componentAppid) {
    return base + "/wechat/" + componentAppid + "/messages/$APPID$";
  }

  /** Where WeChat sends the merchant's browser back to. */
  public String authorized(String componentAppid) {
    return base + "/wechat/" + componentAppid + "/authorized";
  }

  /** A page of ours that leads the merchant to WeChat's authorization page. */
  public String authorizationLink(String componentAppid, UUID link) {
    return base + "/wechat/" + componentAppid + "/authorize/" + link;
  }
}
