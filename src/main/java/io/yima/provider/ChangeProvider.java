package io.yima.provider;

import com.fasterxml.jackson.annotation.JsonSetter;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body of a PATCH. No record, because of a return_url it must be known whether it was left out,
 * which changes nothing, or null, which clears it.
 */
@Schema(description = "What to change; what is left out stays.")
final class ChangeProvider {

  @Schema(
      description = "What merchants are shown.",
      examples = "Tea House Codes",
      minLength = 1,
      maxLength = 100)
  private @Nullable String name;

  @Schema(
      description = "The platform's new secret.",
      examples = "5f2d0c6b8e9a4713a1b2c3d4e5f60718",
      pattern = ProviderRules.SECRET)
  private @Nullable String componentAppsecret;

  @Schema(
      description = "The new token that signs WeChat's pushes.",
      examples = "yimaMessageToken",
      pattern = ProviderRules.SECRET)
  private @Nullable String messageToken;

  @Schema(
      description = "The new key that encrypts WeChat's pushes; the former keeps decrypting.",
      examples = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
      pattern = ProviderRules.AES_KEY)
  private @Nullable String encodingAesKey;

  @Schema(
      description = "Where merchants' browsers go after authorizing; null: to a page of Yima.",
      examples = "https://erp.example.com/wechat/done",
      format = "uri",
      maxLength = 2048)
  private @Nullable String returnUrl;

  @Schema(hidden = true)
  private boolean returnUrlGiven;

  @JsonSetter("name")
  void name(@Nullable String text) {
    name = text;
  }

  @JsonSetter("component_appsecret")
  void componentAppsecret(@Nullable String text) {
    componentAppsecret = text;
  }

  @JsonSetter("message_token")
  void messageToken(@Nullable String text) {
    messageToken = text;
  }

  @JsonSetter("encoding_aes_key")
  void encodingAesKey(@Nullable String text) {
    encodingAesKey = text;
  }

  @JsonSetter("return_url")
  void returnUrl(@Nullable String text) {
    returnUrl = text;
    returnUrlGiven = true;
  }

  @Nullable String name() {
    return name;
  }

  @Nullable String componentAppsecret() {
    return componentAppsecret;
  }

  @Nullable String messageToken() {
    return messageToken;
  }

  @Nullable String encodingAesKey() {
    return encodingAesKey;
  }

  @Nullable String returnUrl() {
    return returnUrl;
  }

  boolean returnUrlGiven() {
    return returnUrlGiven;
  }

  /** The names of what it sets, without the values. */
  List<String> fields() {
    List<String> fields = new ArrayList<>();
    addIf(name != null, "name", fields);
    addIf(componentAppsecret != null, "component_appsecret", fields);
    addIf(messageToken != null, "message_token", fields);
    addIf(encodingAesKey != null, "encoding_aes_key", fields);
    addIf(returnUrlGiven, "return_url", fields);
    return fields;
  }

  private static void addIf(boolean given, String field, List<String> fields) {
    if (given) {
      fields.add(field);
    }
  }
}
