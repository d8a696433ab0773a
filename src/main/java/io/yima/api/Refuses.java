package io.yima.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A problem that this operation, or each of a resource's, can be answered with, for the API's
 * description. What every operation of its kind can be answered with is described without it.
 */
@Documented
@Repeatable(Refuses.All.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Refuses {

  /** The HTTP status. */
  int status();

  /** The problem's stable word. */
  String code();

  /** When it comes, as a sentence. */
  String when();

  /** Whether WeChat's own words come with it. */
  boolean wechat() default false;

  /** Several of them. */
  @Documented
  @Retention(RetentionPolicy.RUNTIME)
  @Target({ElementType.METHOD, ElementType.TYPE})
  @interface All {

    /** Each of them. */
    Refuses[] value();
  }
}
