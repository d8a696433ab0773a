package io.yima.codes;

import io.yima.api.FieldError;
import io.yima.codes.CodeApplication.Order;

/**
 * An order of a batch whose fields break no rule.
 *
 * @param place what a problem calls it
 */
record PlacedOrder(String place, ApplicationKey key, Order order) {

  /** What stands in its way, under the word that a single order would be answered with. */
  FieldError refused(String field, String message, String code) {
    return new FieldError(place + "." + field, message, code);
  }
}
