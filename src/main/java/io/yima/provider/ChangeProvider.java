package io.yima.provider;

import com.fasterxml.jackson.annotation.JsonSetter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a PATCH. No record, because of a return_url it must be known whether it was left out,
 * which changes nothing, or null, which clears it.
 */
final class ChangeProvider {

  private @Nullable String name;
  private @Nullable String componentAppsecret;
  private @Nullable String messageToken;
  private @Nullable String encodingAesKey;
  private @Nullable String returnUrl;
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
