package io.yima.api.openapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.jspecify.annotations.Nullable;

/** Puts the example of a body together from those of its fields. */
final class Examples {

  private final Map<String, Schema> schemas;

  Examples(Map<String, Schema> schemas) {
    this.schemas = schemas;
  }

  /** An example of the schema; null where nothing is known. */
  @Nullable Object of(Schema schema) {
    if (schema.getExamples() != null && !schema.getExamples().isEmpty()) {
      return schema.getExamples().getFirst();
    }
    if (schema.getRef() != null) {
      Schema named = schemas.get(References.name(schema.getRef()));
      return named == null ? null : of(named);
    }
    if (schema.getItems() != null) {
      Object item = of(schema.getItems());
      return item == null ? List.of() : List.of(item);
    }
    return schema.getProperties() == null ? null : fields(schema.getProperties());
  }

  private Map<String, Object> fields(Map<String, Schema> properties) {
    Map<String, Object> example = new LinkedHashMap<>();
    properties.forEach(
        (name, property) -> {
          Object value = of(property);
          // An object that can be null is.
          if (value != null || property.getAnyOf() != null) {
            example.put(name, value);
          }
        });
    return example;
  }
}
