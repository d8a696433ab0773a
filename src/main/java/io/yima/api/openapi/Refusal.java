package io.yima.api.openapi;

import java.util.Set;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationValue;

/** A problem that can come, see {@link io.yima.api.Refuses}. */
record Refusal(int status, String code, String when, boolean wechat) {

  private static final Set<String> NAMING_FIELDS =
      Set.of("invalid", "invalid_type", "unknown_field", "duplicate_field");

  Refusal(int status, String code, String when) {
    this(status, code, when, false);
  }

  static Refusal of(AnnotationInstance refuses) {
    AnnotationValue wechat = refuses.value("wechat");
    return new Refusal(
        refuses.value("status").asInt(),
        refuses.value("code").asString(),
        refuses.value("when").asString(),
        wechat != null && wechat.asBoolean());
  }

  /** Whether it names the fields or parameters that are wrong. */
  boolean namesFields() {
    return NAMING_FIELDS.contains(code);
  }
}
