/**
 * A provider's component app: its registration, its sealed secrets, WeChat's verify ticket and the
 * component token made from it.
 *
 * <p>Owns the tables {@code provider} (written here, read through the directory) and {@code
 * component}. Rooms above call {@link io.yima.provider.ComponentTokens} for any call that needs the
 * platform's token, and {@link io.yima.provider.Components} for what callbacks need.
 */
@NullMarked
package io.yima.provider;

import org.jspecify.annotations.NullMarked;
