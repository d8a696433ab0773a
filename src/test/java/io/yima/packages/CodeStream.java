package io.yima.packages;

import io.yima.wechat.ApplicationStatus.CodeRange;

/** Somebody who takes an application's packages in and gives all of its codes out. */
interface CodeStream {

  /** What the merchant's packages are sealed with. */
  String KEY = "0123456789abcdef";

  /** Takes a package, as WeChat answers it; it is on disk when this returns. */
  void take(CodeRange range, String buffer) throws Exception;

  /** Writes what the packages hold, from the so-manieth on, into one file anew. */
  void give(int from) throws Exception;
}
