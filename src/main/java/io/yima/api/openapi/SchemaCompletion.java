package io.yima.api.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.AnnotationValue;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.FieldInfo;
import org.jboss.jandex.IndexView;
import org.jspecify.annotations.Nullable;

/**
 * Says in the schemas what the classes behind them say in Java: which fields can be null and which
 * are always there. Bodies of requests are closed, and single values, such as times, are written
 * out where they are used.
 */
final class SchemaCompletion {

  private static final DotName SCHEMA =
      DotName.createSimple(org.eclipse.microprofile.openapi.annotations.media.Schema.class);
  private static final DotName NULLABLE = DotName.createSimple(Nullable.class);
  private static final DotName UNWRAPPED = DotName.createSimple(JsonUnwrapped.class);
  private static final DotName INCLUDE = DotName.createSimple(JsonInclude.class);
  private static final PropertyNamingStrategies.SnakeCaseStrategy NAMES =
      new PropertyNamingStrategies.SnakeCaseStrategy();

  private final IndexView index;
  private final Map<String, Schema> schemas;
  private final Map<String, ClassInfo> classes;

  SchemaCompletion(IndexView index, Map<String, Schema> schemas) {
    this.index = index;
    this.schemas = schemas;
    this.classes = describedClasses(index);
  }

  /** Completes all; the names are those of bodies of requests. */
  Map<String, Schema> complete(Set<String> requests) {
    Map<String, Schema> complete = new TreeMap<>();
    for (Map.Entry<String, Schema> entry : schemas.entrySet()) {
      Schema schema = entry.getValue();
      if (schema.getProperties() != null && !isGeneric(entry.getKey())) {
        complete(entry.getKey(), schema, requests.contains(entry.getKey()));
        complete.put(name(entry.getKey(), schema), schema);
      }
    }
    return complete;
  }

  private void complete(String name, Schema schema, boolean request) {
    Map<String, FieldInfo> fields = fields(name);
    List<String> required = new ArrayList<>();
    if (schema.getRequired() != null) {
      required.addAll(schema.getRequired());
    }
    Map<String, Schema> properties = new LinkedHashMap<>();
    fields.keySet().forEach(field -> properties.put(field, schema.getProperties().get(field)));
    schema.getProperties().forEach(properties::putIfAbsent);
    properties.values().removeIf(property -> property == null);
    for (Map.Entry<String, Schema> entry : properties.entrySet()) {
      FieldInfo field = fields.get(entry.getKey());
      Schema property = settled(entry.getValue());
      boolean leftOut = field != null && field.hasAnnotation(INCLUDE);
      boolean nullable = field != null && field.type().hasAnnotation(NULLABLE) && !leftOut;
      if (field != null && !request && !leftOut && !required.contains(entry.getKey())) {
        required.add(entry.getKey());
      }
      boolean mayBeNull = nullable && !(request && required.contains(entry.getKey()));
      entry.setValue(mayBeNull ? orNull(property) : property);
    }
    schema.setProperties(properties);
    schema.setRequired(required.isEmpty() ? null : required);
    if (request) {
      schema.setAdditionalPropertiesSchema(OASFactory.createSchema().booleanSchema(false));
    }
  }

  /** With the value's schema in the place of a reference to it, and pages called after items. */
  Schema settled(Schema property) {
    if (property.getItems() != null) {
      property.setItems(settled(property.getItems()));
    }
    Schema value =
        property.getRef() == null ? null : schemas.get(References.name(property.getRef()));
    if (value == null) {
      return property;
    }
    if (value.getProperties() != null) {
      property.setRef(name(References.name(property.getRef()), value));
      return property;
    }
    property.setRef(null);
    property.setType(value.getType());
    property.setFormat(value.getFormat());
    property.setPattern(value.getPattern());
    property.setEnumeration(value.getEnumeration());
    return property;
  }

  /** Whether it is of no type in particular, and nobody's body. */
  private boolean isGeneric(String name) {
    ClassInfo described = classes.get(name);
    return described != null && !described.typeParameters().isEmpty();
  }

  /** A page is called after its items, and not after the classes that it is made of. */
  private static String name(String name, Schema schema) {
    Schema items = schema.getProperties().get("items");
    return items == null || !schema.getProperties().containsKey("next")
        ? name
        : References.name(items.getItems().getRef()) + "Page";
  }

  private static Schema orNull(Schema property) {
    Schema none = OASFactory.createSchema().addType(SchemaType.NULL);
    if (property.getRef() != null) {
      return OASFactory.createSchema()
          .addAnyOf(OASFactory.createSchema().ref(property.getRef()))
          .addAnyOf(none)
          .description(property.getDescription());
    }
    if (property.getOneOf() != null) {
      return property.addOneOf(none);
    }
    if (property.getEnumeration() != null) {
      List<Object> values = new ArrayList<>(property.getEnumeration());
      values.add(null);
      property.setEnumeration(values);
    }
    return property.addType(SchemaType.NULL);
  }

  /** The fields of the class behind a schema by their JSON names, in the order of the source. */
  private Map<String, FieldInfo> fields(String schema) {
    Map<String, FieldInfo> fields = new LinkedHashMap<>();
    ClassInfo described = classes.get(schema);
    if (described == null) {
      // A generic one is called by its own name and that of what it is of.
      described =
          classes.values().stream()
              .filter(candidate -> !candidate.typeParameters().isEmpty())
              .filter(candidate -> schema.startsWith(candidate.simpleName()))
              .findFirst()
              .orElse(null);
    }
    if (described != null) {
      collect(described, fields);
    }
    return fields;
  }

  private void collect(ClassInfo described, Map<String, FieldInfo> fields) {
    for (FieldInfo field : described.fieldsInDeclarationOrder()) {
      ClassInfo unwrapped =
          field.hasAnnotation(UNWRAPPED) ? index.getClassByName(field.type().name()) : null;
      if (unwrapped != null) {
        collect(unwrapped, fields);
      } else {
        fields.put(NAMES.translate(field.name()), field);
      }
    }
  }

  private static Map<String, ClassInfo> describedClasses(IndexView index) {
    Map<String, ClassInfo> classes = new HashMap<>();
    for (AnnotationInstance annotation : index.getAnnotations(SCHEMA)) {
      if (annotation.target().kind() == AnnotationTarget.Kind.CLASS) {
        ClassInfo described = annotation.target().asClass();
        AnnotationValue name = annotation.value("name");
        classes.put(name == null ? described.simpleName() : name.asString(), described);
      }
    }
    return classes;
  }
}
