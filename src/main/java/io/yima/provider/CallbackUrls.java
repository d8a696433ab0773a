package io.yima.provider;

import io.yima.api.PublicAddress;

/** The addresses that go into WeChat's console. */
record CallbackUrls(String events, String messages, String authorized) {

  static CallbackUrls of(PublicAddress address, String componentAppid) {
    return new CallbackUrls(
        address.events(componentAppid),
        address.messages(componentAppid),
        address.authorized(componentAppid));
  }
}
