package io.yima.wechat;

import io.yima.secrets.Secret;
import org.jspecify.annotations.Nullable;

/**
 * A merchant's new access token.
 *
 * @param refreshToken the one to use next time; absent means: keep the one you have
 */
public record RefreshedToken(IssuedToken accessToken, @Nullable Secret refreshToken) {}
