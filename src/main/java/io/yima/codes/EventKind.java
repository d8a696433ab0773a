package io.yima.codes;

import java.util.Locale;

/** What can happen to a code application; the words of its history. */
public enum EventKind {
  /** Ordered. */
  REQUESTED,
  /** Ordered again after a refusal or a withdrawal. */
  REOPENED,
  /** WeChat confirmed it. */
  SUBMITTED,
  /** Sending it failed for now; told again only when the reason changes. */
  SUBMIT_FAILED,
  /** WeChat refused the request itself. */
  REJECTED,
  /** WeChat's status, or the ranges that are ready, became others. */
  STATUS_CHANGED,
  /** All codes are ready. */
  FINISHED,
  /** Asking for its status failed for now; told again only when the reason changes. */
  SYNC_FAILED,
  /** A person must mend something first; told again only when the reason changes. */
  BLOCKED,
  /** What blocked it is mended. */
  RECOVERED,
  /** Made due before its time, by a repeated call or a changed authorization. */
  WOKEN,
  /** Taken back. */
  WITHDRAWN,
  /** Its codes are fetched, checked and stored, all of them. */
  CODES_STORED,
  /** Some of its codes could not be had for now; told again only when the reason changes. */
  CODES_FAILED,
  /** Some of its codes are to be bound to a product and a page. */
  ACTIVATION_REQUESTED,
  /** WeChat bound these codes. */
  ACTIVATED,
  /** Binding them failed for now; told again only when the reason changes. */
  ACTIVATION_FAILED,
  /** WeChat reviews the product's bar code: the next try comes after a day. */
  BAR_CODE_REVIEW,
  /** A person must mend something before they can be bound; told again only with a new reason. */
  ACTIVATION_BLOCKED,
  /** WeChat refused to bind them. */
  ACTIVATION_REJECTED,
  /** Another activation took the place of one that WeChat had not confirmed. */
  ACTIVATION_REPLACED;

  /** As it stands in the column and in answers. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
