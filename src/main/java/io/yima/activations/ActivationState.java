package io.yima.activations;

/** Where an activation stands, by its slices. */
enum ActivationState {
  /** WeChat has yet to confirm some of it. */
  ACTIVATING,
  /** WeChat bound all its codes. */
  ACTIVATED,
  /** WeChat bound some of its codes; the others were refused or taken by a later activation. */
  PARTLY_ACTIVATED,
  /** WeChat refused it. */
  REJECTED,
  /** A later activation took its place before WeChat confirmed this one. */
  REPLACED
}
