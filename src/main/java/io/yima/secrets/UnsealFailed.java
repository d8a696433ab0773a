package io.yima.secrets;

/**
 * A sealed value did not open: it was sealed with another keyset, for another place, or was
 * changed.
 */
public class UnsealFailed extends RuntimeException {

  UnsealFailed(SecretPlace place, Throwable cause) {
    super(
        "a sealed " + place.purpose() + " of provider " + place.provider() + " does not open",
        cause);
  }
}
