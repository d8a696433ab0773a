/**
 * The codes themselves: a package of each range of a finished application is fetched, opened with
 * the merchant's key, checked, sealed in chunks, kept, and handed out as CSV, lines of JSON, zip
 * and QR symbols.
 *
 * <p>Owns the tables {@code code_key}, {@code code_package}, {@code code_package_chunk} and {@code
 * code_package_object}, and the directory or bucket that takes the place of the chunks. The ledger
 * tells it what is finished, and knows nothing of it.
 */
@NullMarked
package io.yima.packages;

import org.jspecify.annotations.NullMarked;
