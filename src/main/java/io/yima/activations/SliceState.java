package io.yima.activations;

/** Where a slice of an activation stands. */
enum SliceState {
  /** Stored; WeChat has not confirmed it yet. */
  ACTIVATING,
  /** WeChat bound its codes. */
  ACTIVATED,
  /** WeChat refused the request itself; its codes can be activated otherwise. */
  REJECTED,
  /** A later activation took its place before WeChat confirmed this one. */
  REPLACED
}
