package io.yima.wechat;

import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a person can do, in both languages. */
@Schema(name = "Remedy", description = "What a person can do about it, in both languages.")
public record Remedy(
    @Schema(
            description = "In English.",
            examples = "Add the egress address of this machine to the platform's IP allow-list.")
        String en,
    @Schema(description = "In Chinese.", examples = "把本机的出口地址加入平台的 IP 白名单。") String zh) {

  /** Of a failed call; empty where nobody can do anything. */
  public static Optional<Remedy> of(Failure failure) {
    return of(
        failure.code(),
        failure.error().errcode(),
        failure.error().errmsg(),
        failure.remedy().orElse(null));
  }

  /**
   * Of an error that was stored with its English remedy.
   *
   * @param code its stable word
   */
  public static Optional<Remedy> of(
      String code, @Nullable Integer errcode, @Nullable String errmsg, @Nullable String en) {
    return en == null
        ? Optional.empty()
        : Optional.of(
            new Remedy(en, ChineseRemedies.of(code, errcode, errmsg == null ? "" : errmsg)));
  }
}
