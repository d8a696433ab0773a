package io.yima.wechat;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A decrypted push as a flat map: the texts of the root's children; deeper ones are left out. */
public record PushedXml(Map<String, String> fields) {

  public PushedXml {
    fields = Map.copyOf(fields);
  }

  /** Reads decrypted text; empty when it is not XML, too big or too deep, or has a DTD. */
  public static Optional<PushedXml> parse(String xml) {
    return Unwritten.here();
  }

  /** The text of a field, trimmed; null when it is missing or blank. */
  public @Nullable String field(String name) {
    String text = fields.get(name);
    return text == null || text.isBlank() ? null : text.strip();
  }

  /** Field names only: values may be tickets and codes. */
  @Override
  public String toString() {
    return "PushedXml" + fields.keySet();
  }
}
