package io.yima.wechat;

import io.yima.secrets.Secret;
import java.time.Duration;

/**
 * A token or code that WeChat issued.
 *
 * @param life how long it lives from now on, between 1 second and 24 hours
 */
public record IssuedToken(Secret token, Duration life) {}
