package io.yima.gateway;

import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The settings of this room, checked when the application starts. */
@Startup
@Singleton
class GatewaySettings {

  /** So plain that no two spellings of one path can both be meant. */
  private static final Pattern PLAIN = Pattern.compile("(/[A-Za-z0-9_-]+){2,8}");

  /** What takes or tells tokens and secrets of a platform or an account, or is a door of ours. */
  private static final List<String> NEVER =
      List.of(
          "/cgi-bin/component/",
          "/cgi-bin/token/",
          "/cgi-bin/stable_token/",
          "/cgi-bin/clear_quota/",
          "/cgi-bin/openapi/quota/clear/",
          "/intp/marketcode/",
          "/sns/");

  private final Set<String> passThrough;

  GatewaySettings(GatewayConfig config) {
    List<String> paths = config.passThrough().orElse(List.of());
    paths.forEach(GatewaySettings::check);
    passThrough = Set.copyOf(paths);
  }

  /** Whether a path, as it was sent, is one that the setting names. */
  boolean passes(String path) {
    return passThrough.contains(path);
  }

  private static void check(String path) {
    if (!PLAIN.matcher(path).matches()) {
      throw new IllegalStateException(
          ("YIMA_GATEWAY_PASS_THROUGH names %s, but takes whole paths of letters, digits, _, - and /"
                  + " only, such as /cgi-bin/message/custom/send: correct it.")
              .formatted(path));
    }
    if (NEVER.stream().anyMatch((path + "/")::startsWith)) {
      throw new IllegalStateException(
          ("YIMA_GATEWAY_PASS_THROUGH names %s, which is about tokens, secrets or quotas, or is a"
                  + " door of Yima's own: remove it.")
              .formatted(path));
    }
  }
}
