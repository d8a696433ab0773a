/**
 * What codes are bound to: activations of codes that are ready, to products and pages. They are cut
 * into slices along WeChat's ranges, stored before WeChat is told, and sent like orders are. Also
 * the account of where all codes of an application are.
 *
 * <p>Owns the tables {@code code_activation} and {@code code_activation_slice}; the account reads
 * packages' too.
 */
@NullMarked
package io.yima.activations;

import org.jspecify.annotations.NullMarked;
