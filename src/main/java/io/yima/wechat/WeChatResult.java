package io.yima.wechat;

import java.util.function.Function;

/** What a call to WeChat came to: the value that was asked for, or a classified failure. */
public sealed interface WeChatResult<T> {

  /** WeChat did what was asked. */
  record Success<T>(T value) implements WeChatResult<T> {}

  /** WeChat did not, or nobody knows; the failure says which. */
  record Failed<T>(Failure failure) implements WeChatResult<T> {}

  /** The same outcome with another value; a failure stays as it is. */
  default <R> WeChatResult<R> map(Function<? super T, ? extends R> change) {
    return switch (this) {
      case Success<T>(T value) -> new Success<>(change.apply(value));
      case Failed<T>(Failure failure) -> new Failed<>(failure);
    };
  }
}
