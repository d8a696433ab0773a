package io.yima.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.yima.secrets.Sha256;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The text of a cursor: base64url of a JSON array, the filters' fingerprint first. */
final class Cursor {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_LENGTH = 2_048;
  private static final int FINGERPRINT_LENGTH = 9;

  private Cursor() {}

  static String encode(List<String> key, String fingerprint) {
    List<String> parts = new ArrayList<>();
    parts.add(fingerprint);
    parts.addAll(key);
    try {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(parts));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key parts; empty when the text is no cursor of ours or one of other filters. */
  static Optional<List<String>> decode(String text, String fingerprint) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      String[] parts = JSON.readValue(Base64.getUrlDecoder().decode(text), String[].class);
      return Optional.ofNullable(parts)
          .flatMap(p -> key(p, fingerprint))
          // Not what else can be read so, such as with something behind it.
          .filter(key -> encode(key, fingerprint).equals(text));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Short, because it only keeps apart what honest clients mix up. */
  static String fingerprint(@Nullable String... filters) {
    byte[] start = Arrays.copyOf(Sha256.ofParts(filters), FINGERPRINT_LENGTH);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(start);
  }

  private static Optional<List<String>> key(@Nullable String[] parts, String fingerprint) {
    if (parts.length < 2 || !fingerprint.equals(parts[0])) {
      return Optional.empty();
    }
    List<String> key = new ArrayList<>();
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i];
      if (part == null || !TextRules.isStorable(part)) {
        return Optional.empty();
      }
      key.add(part);
    }
    return Optional.of(List.copyOf(key));
  }
}
