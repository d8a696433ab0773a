/**
 * WeChat's protocol, and nothing of ours: the client for WeChat's interfaces, the sealed results it
 * answers with, the meaning of every error number, and the encryption of pushed messages.
 *
 * <p>Owns no table and knows no tenant. Rooms that speak with WeChat call {@code WeChatClient}; it
 * refuses to run inside a database transaction and starts no call after the deadline it is given.
 */
@NullMarked
package io.yima.wechat;

import org.jspecify.annotations.NullMarked;
