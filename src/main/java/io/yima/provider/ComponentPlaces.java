package io.yima.provider;

import io.yima.secrets.SecretPlace;
import io.yima.tenancy.ProviderId;

/**
 * Where the sealed values of a component app belong. The names are in ciphertexts: never change.
 */
final class ComponentPlaces {

  private ComponentPlaces() {}

  static SecretPlace appsecret(ProviderId provider) {
    return place("component.appsecret", provider);
  }

  static SecretPlace messageToken(ProviderId provider) {
    return place("component.message_token", provider);
  }

  /** Of the current and the former key, because one becomes the other as it stands. */
  static SecretPlace encodingAesKey(ProviderId provider) {
    return place("component.encoding_aes_key", provider);
  }

  static SecretPlace verifyTicket(ProviderId provider) {
    return place("component.verify_ticket", provider);
  }

  static SecretPlace accessToken(ProviderId provider) {
    return place("component.access_token", provider);
  }

  private static SecretPlace place(String purpose, ProviderId provider) {
    return new SecretPlace(purpose, provider.value(), "");
  }
}
