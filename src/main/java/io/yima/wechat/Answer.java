package io.yima.wechat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.yima.secrets.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * An answer of WeChat, read leniently: numbers may come as texts, fields may be missing or unknown,
 * a byte order mark and raw control characters do no harm. Only what we cannot do without throws
 * {@link Broken}.
 */
final class Answer {

  private static final int MAX_TEXT = 1000;
  private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,19}");

  /** How long an answer may be, {@link Wire} knows; a package of codes is one text of it. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Endpoint.LONGEST_ANSWER).build())
          .build();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(FACTORY).enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS).build();

  /** The answer cannot be understood; the message is ours and holds nothing of it. */
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;

    Broken(String message) {
      super(message, null, false, false);
    }
  }

  private final JsonNode node;

  private Answer(JsonNode node) {
    this.node = node;
  }

  static Answer parse(String body) throws Broken {
    try {
      JsonNode node = MAPPER.readTree(body.startsWith("\uFEFF") ? body.substring(1) : body);
      if (node.isObject()) {
        return new Answer(node);
      }
    } catch (JsonProcessingException e) {
      // Its message quotes the body, so it goes no further.
    }
    throw new Broken(body.isEmpty() ? "the answer is empty" : "the answer is not a JSON object");
  }

  /** The whole of it, as JSON. */
  String json() throws Broken {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new Broken("the answer cannot be written as JSON");
    }
  }

  /** The error number; 0 also when there is none, as on success [CTOKEN]. */
  int errcode() throws Broken {
    JsonNode value = node.path("errcode");
    if (isAbsent(value)) {
      return 0;
    }
    Long number = wholeNumber(value);
    if (number == null || number.intValue() != number) {
      throw new Broken("the answer's errcode is not a number");
    }
    return number.intValue();
  }

  boolean has(String name) {
    return !isAbsent(node.path(name));
  }

  /** A text as sent, shortened; null when absent or blank. Numbers are taken as texts. */
  @Nullable String text(String name) {
    JsonNode value = node.path(name);
    if (isAbsent(value) || value.isContainerNode()) {
      return null;
    }
    return shortened(storable(value.asText()));
  }

  String requireText(String name) throws Broken {
    String text = text(name);
    if (text == null) {
      throw missing(name);
    }
    return text;
  }

  /** A secret is never shortened; one of blanks alone is none. */
  @Nullable Secret secret(String name) {
    JsonNode value = node.path(name);
    return value.isTextual() && !value.textValue().isBlank() ? Secret.of(value.textValue()) : null;
  }

  Secret requireSecret(String name) throws Broken {
    Secret secret = secret(name);
    if (secret == null) {
      throw missing(name);
    }
    return secret;
  }

  /** A whole number of up to 64 bits; null when it is absent or anything else. */
  @Nullable Long number(String name) {
    return wholeNumber(node.path(name));
  }

  /** An id: null when absent or 0, broken when it is not a positive number of up to 63 bits. */
  @Nullable Long id(String name) throws Broken {
    JsonNode value = node.path(name);
    if (isAbsent(value)) {
      return null;
    }
    Long number = wholeNumber(value);
    if (number == null || number < 0) {
      throw new Broken("the answer's " + name + " is not a number of up to 63 bits");
    }
    return number == 0 ? null : number;
  }

  @Nullable Integer integer(String name) {
    Long number = number(name);
    return number == null || number.intValue() != number ? null : number.intValue();
  }

  /** A nested object; an empty one when it is absent or something else. */
  Answer object(String name) {
    return new Answer(node.path(name));
  }

  Answer requireObject(String name) throws Broken {
    if (!node.path(name).isObject()) {
      throw missing(name);
    }
    return object(name);
  }

  /** The objects of a list; none when it is absent or something else. */
  List<Answer> list(String name) {
    JsonNode list = node.path(name);
    return list.isArray()
        ? StreamSupport.stream(list.spliterator(), false).map(Answer::new).toList()
        : List.of();
  }

  boolean hasList(String name) {
    return node.path(name).isArray();
  }

  /** A list that may be absent, but must not be anything else. */
  List<Answer> optionalList(String name) throws Broken {
    if (has(name) && !hasList(name)) {
      throw new Broken("the answer's " + name + " is not a list");
    }
    return list(name);
  }

  /** The permission sets of a {@code func_info} [QUERYAUTH], as far as they can be read. */
  Set<Integer> permissionSets() {
    Set<Integer> ids = new TreeSet<>();
    for (Answer function : list("func_info")) {
      Integer id = function.object("funcscope_category").integer("id");
      if (id != null) {
        ids.add(id);
      }
    }
    return ids;
  }

  /** Whether each entry of {@code func_info} says which permission set it is. */
  boolean tellsAllPermissionSets() {
    return list("func_info").stream()
        .allMatch(function -> function.object("funcscope_category").integer("id") != null);
  }

  boolean isEmpty() {
    return node.isEmpty();
  }

  private static @Nullable Long wholeNumber(JsonNode value) {
    if (value.isIntegralNumber()) {
      return value.canConvertToLong() ? value.longValue() : null;
    }
    String text = value.isTextual() ? value.textValue().strip() : "";
    if (!WHOLE_NUMBER.matcher(text).matches()) {
      return null;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** NUL and lone surrogates are legal in JSON and in no database. */
  private static String storable(String text) {
    String encodable = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    return encodable.replace('\0', ' ');
  }

  private static String shortened(String text) {
    if (text.length() <= MAX_TEXT) {
      return text;
    }
    boolean splitsPair = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1));
    return text.substring(0, splitsPair ? MAX_TEXT - 1 : MAX_TEXT);
  }

  private static boolean isAbsent(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.textValue().isBlank());
  }

  private static Broken missing(String name) {
    return new Broken("the answer lacks " + name);
  }
}
