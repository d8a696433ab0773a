package io.yima.wechat;

/** What a call tells about how WeChat copes, whatever it means for the caller. */
enum Sign {
  /** It answered, be it with a refusal. */
  SERVED,
  /** Nothing: it was not asked, or answered nonsense, or found one merchant too eager. */
  NEUTRAL,
  /** A timeout, a reset, a 5xx, -1, or no connection. */
  STRAINED
}
