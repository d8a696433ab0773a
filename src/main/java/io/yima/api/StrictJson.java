package io.yima.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * How the REST API reads and writes JSON. What a caller misspells is refused rather than ignored,
 * because a field that was ignored here may have meant money.
 */
@Singleton
class StrictJson implements ObjectMapperCustomizer {

  private static final List<LogicalType> NOT_FROM_EMPTY_TEXT =
      List.of(
          LogicalType.Boolean,
          LogicalType.Integer,
          LogicalType.Float,
          LogicalType.DateTime,
          LogicalType.OtherScalar,
          LogicalType.Enum);

  @Override
  @SuppressWarnings("deprecation") // The factory's builder comes too late: Quarkus made the mapper.
  public void customize(ObjectMapper mapper) {
    // JSON is UTF-8 here: what is sent in another encoding is not guessed.
    mapper.getFactory().disable(JsonFactory.Feature.CHARSET_DETECTION);
    mapper
        .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
    for (LogicalType scalar : NOT_FROM_EMPTY_TEXT) {
      refuse(mapper, scalar, CoercionInputShape.EmptyString);
    }
    refuse(mapper, LogicalType.Boolean, CoercionInputShape.Integer, CoercionInputShape.String);
    refuse(mapper, LogicalType.Integer, CoercionInputShape.Float, CoercionInputShape.String);
    refuse(mapper, LogicalType.Float, CoercionInputShape.String);
    refuse(
        mapper,
        LogicalType.Textual,
        CoercionInputShape.Integer,
        CoercionInputShape.Float,
        CoercionInputShape.Boolean);
  }

  private static void refuse(ObjectMapper mapper, LogicalType type, CoercionInputShape... shapes) {
    for (CoercionInputShape shape : shapes) {
      mapper.coercionConfigFor(type).setCoercion(shape, CoercionAction.Fail);
    }
  }
}
