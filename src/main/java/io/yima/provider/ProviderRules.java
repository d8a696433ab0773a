package io.yima.provider;

import io.yima.api.FieldError;
import io.yima.api.Problems;
import io.yima.api.TextRules;
import io.yima.wechat.MessageCrypto;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules for what an operator tells of a provider; all that are broken are told at once. */
final class ProviderRules {

  static final String APPID = "^[A-Za-z0-9_-]{1,64}$";
  static final String SECRET = "^[\\x21-\\x7e]{1,128}$";
  static final String AES_KEY = "^[A-Za-z0-9]{43}$";

  private static final Pattern APPID_PATTERN = Pattern.compile(APPID);
  private static final Pattern NAME = Pattern.compile("(?=.*\\S)[^\\p{Cntrl}]{1,100}");
  private static final Pattern TEXT_WITHOUT_BLANKS = Pattern.compile(SECRET);
  private static final int URL_LENGTH = 2_048;

  private final List<FieldError> errors = new ArrayList<>();

  static void check(RegisterProvider request) {
    ProviderRules rules = new ProviderRules();
    rules.require(
        "component_appid",
        request.componentAppid(),
        text -> APPID_PATTERN.matcher(text).matches(),
        "must be the platform's appid as WeChat shows it");
    rules.require("name", request.name(), ProviderRules::isName, NAME_RULE);
    rules.require(
        "component_appsecret", request.componentAppsecret(), ProviderRules::isSecret, SECRET_RULE);
    rules.require("message_token", request.messageToken(), ProviderRules::isSecret, SECRET_RULE);
    rules.require(
        "encoding_aes_key", request.encodingAesKey(), MessageCrypto::isEncodingAesKey, KEY_RULE);
    rules.allow("return_url", request.returnUrl(), ProviderRules::isUrl, URL_RULE);
    rules.refuseWhatIsBroken();
  }

  static void check(ChangeProvider request) {
    ProviderRules rules = new ProviderRules();
    rules.allow("name", request.name(), ProviderRules::isName, NAME_RULE);
    rules.allow(
        "component_appsecret", request.componentAppsecret(), ProviderRules::isSecret, SECRET_RULE);
    rules.allow("message_token", request.messageToken(), ProviderRules::isSecret, SECRET_RULE);
    rules.allow(
        "encoding_aes_key", request.encodingAesKey(), MessageCrypto::isEncodingAesKey, KEY_RULE);
    rules.allow("return_url", request.returnUrl(), ProviderRules::isUrl, URL_RULE);
    rules.refuseWhatIsBroken();
  }

  private static final String NAME_RULE =
      "must be 1 to 100 characters, not only blanks, no control characters";
  private static final String SECRET_RULE = "must be 1 to 128 visible ASCII characters";
  private static final String KEY_RULE = "must be 43 letters and digits";
  private static final String URL_RULE = "must be an http or https address with a host";

  private static boolean isName(String text) {
    return NAME.matcher(text).matches() && TextRules.isStorable(text);
  }

  private static boolean isSecret(String text) {
    return TEXT_WITHOUT_BLANKS.matcher(text).matches();
  }

  private static boolean isUrl(String text) {
    try {
      URI uri = new URI(text);
      return text.length() <= URL_LENGTH
          && TextRules.isStorable(text)
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && ("https".equalsIgnoreCase(uri.getScheme())
              || "http".equalsIgnoreCase(uri.getScheme()));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private void require(String field, @Nullable String text, Predicate<String> rule, String words) {
    if (text == null) {
      errors.add(new FieldError(field, "is required"));
    } else {
      allow(field, text, rule, words);
    }
  }

  private void allow(String field, @Nullable String text, Predicate<String> rule, String words) {
    if (text != null && !rule.test(text)) {
      errors.add(new FieldError(field, words));
    }
  }

  private void refuseWhatIsBroken() {
    if (!errors.isEmpty()) {
      throw Problems.invalid(errors);
    }
  }
}
