package io.yima.api;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An operation that creates something and takes the header {@code Idempotency-Key}: for 24 hours,
 * the same request with the same key is answered with what the first one was answered, and does
 * nothing. Without the header nothing is different.
 */
@NameBinding
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Idempotent {

  /**
   * Whether 202 is the last word. Elsewhere it means that more is to come, and a repetition asks
   * how far it is.
   */
  boolean acceptedIsFinal() default false;
}
