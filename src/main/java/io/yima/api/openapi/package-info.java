/**
 * Completes the API's description while the application is built: what holds for every operation of
 * its kind is said here once, what holds for one stands at its resource ({@link
 * io.yima.api.Refuses} and the annotations of MicroProfile OpenAPI), and the frame is {@code
 * META-INF/openapi.yaml}.
 *
 * <p>Nothing of it runs in the running application, and nobody calls it.
 */
@NullMarked
package io.yima.api.openapi;

import org.jspecify.annotations.NullMarked;
