package io.yima.callback;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which of WeChat's two authorization pages a browser can use [AUTHDESC]. */
enum Device {
  /** Shows a QR code to scan with a phone. */
  PC,
  /** Works inside WeChat; elsewhere on a phone it tells people to open it there. */
  MOBILE;

  /**
   * @param asked what the link says, which counts first
   */
  static Device of(@Nullable String asked, @Nullable String userAgent) {
    if ("pc".equals(asked)) {
      return PC;
    }
    if ("mobile".equals(asked)) {
      return MOBILE;
    }
    String agent = userAgent == null ? "" : userAgent.toLowerCase(Locale.ROOT);
    // WeChat for computers calls itself by the same name, but cannot use the page for phones.
    boolean computer = agent.contains("windowswechat") || agent.contains("macwechat");
    boolean phone = agent.contains("micromessenger") || agent.contains("mobile");
    return phone && !computer ? MOBILE : PC;
  }
}
