/**
 * Whether WeChat may be called for marketing codes in a merchant's name: calls are counted by
 * merchant, interface and day in Shanghai before they are made, and held back when WeChat will
 * refuse them or what is left of the day is for people.
 *
 * <p>Owns the table {@code api_quota}, which claims of the rooms above count their calls in, and
 * which remembers when WeChat last served a merchant or refused it the feature. It knows the
 * interfaces by name, and nothing of applications, packages or activations.
 */
@NullMarked
package io.yima.quota;

import org.jspecify.annotations.NullMarked;
