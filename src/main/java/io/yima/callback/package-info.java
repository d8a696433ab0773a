/**
 * What comes in without an API key: WeChat's pushes and the merchant's browser.
 *
 * <p>Owns the tables {@code callback_inbox} and {@code release_check}: a push is verified,
 * decrypted and stored before it is answered, and handled after. Authenticity comes from signature
 * and ciphertext. It calls the rooms below; none calls it.
 */
@NullMarked
package io.yima.callback;

import org.jspecify.annotations.NullMarked;
