/**
 * How much one caller may take of a node: requests a second, requests at once, failed
 * authentications, and time to send what it has to say.
 *
 * <p>Owns no table: everything here is counted in bounded memory, by each node for itself. It
 * stands in front of every request; the room {@code security} tells it whose key was found valid or
 * not.
 */
@NullMarked
package io.yima.limits;

import org.jspecify.annotations.NullMarked;
