package io.yima.security;

import io.yima.api.FieldError;
import io.yima.api.Problems;
import io.yima.api.TextRules;
import io.yima.api.Times;
import io.yima.tenancy.AuthorizerId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a new key may be. */
final class KeyRules {

  private static final int MAX_NAME_LENGTH = 128;
  private static final int MAX_AUTHORIZERS = 1_000;

  private static final Set<String> SCOPES =
      Set.of(Scope.READ, Scope.WRITE, Scope.TOKENS, Scope.CODES, Scope.GATEWAY);

  private final List<FieldError> errors = new ArrayList<>();

  private KeyRules() {}

  /** The command that the body asks for; throws the 422 that names all rules it breaks. */
  static CreateApiKey check(ApiKeyBody body, Instant now) {
    KeyRules rules = new KeyRules();
    String name = rules.name(body.name());
    List<String> scopes = rules.scopes(body.scopes());
    List<String> authorizers = rules.authorizers(body.authorizerAppids());
    Instant expiresAt = rules.expiresAt(body.expiresAt(), now);
    if (!rules.errors.isEmpty()) {
      throw Problems.invalid(rules.errors);
    }
    return new CreateApiKey(name, scopes, authorizers, expiresAt);
  }

  private String name(@Nullable String name) {
    String text = name == null ? "" : name.strip();
    boolean fits = !text.isEmpty() && text.codePointCount(0, text.length()) <= MAX_NAME_LENGTH;
    if (!fits
        || text.codePoints().anyMatch(Character::isISOControl)
        || !TextRules.isStorable(text)) {
      refuse("name", "must have 1 to " + MAX_NAME_LENGTH + " characters, no control ones");
    }
    return text;
  }

  private List<String> scopes(@Nullable List<@Nullable String> scopes) {
    List<String> known = present(scopes);
    if (scopes == null
        || known.isEmpty()
        || known.size() < scopes.size()
        || !SCOPES.containsAll(known)) {
      refuse("scopes", "must be one or more of read, write, tokens, codes, or gateway alone");
    } else if (known.contains(Scope.GATEWAY) && Set.copyOf(known).size() > 1) {
      refuse("scopes", "gateway must be alone on its key");
    }
    return known;
  }

  private @Nullable List<String> authorizers(@Nullable List<@Nullable String> appids) {
    if (appids == null) {
      return null;
    }
    List<String> known = present(appids);
    if (appids.isEmpty()
        || appids.size() > MAX_AUTHORIZERS
        || known.size() < appids.size()
        || !known.stream().allMatch(AuthorizerId::isAppid)) {
      refuse("authorizer_appids", "must be 1 to " + MAX_AUTHORIZERS + " appids when given");
    }
    return known;
  }

  private @Nullable Instant expiresAt(@Nullable String text, Instant now) {
    if (text == null) {
      return null;
    }
    try {
      Instant expiresAt = Times.read(text);
      if (expiresAt.isAfter(now)) {
        return expiresAt;
      }
    } catch (DateTimeException e) {
      // Told below, with the rule.
    }
    refuse("expires_at", "must be an RFC 3339 time in the future");
    return null;
  }

  private void refuse(String field, String message) {
    errors.add(new FieldError(field, message));
  }

  private static List<String> present(@Nullable List<@Nullable String> texts) {
    return texts == null ? List.of() : texts.stream().filter(Objects::nonNull).toList();
  }
}
