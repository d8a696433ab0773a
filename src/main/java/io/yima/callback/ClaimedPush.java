package io.yima.callback;

import io.yima.secrets.Secret;
import io.yima.tenancy.ProviderId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A push that this node alone handles, until its lease runs out.
 *
 * @param xml absent when what is stored does not open
 */
record ClaimedPush(
    ProviderId provider,
    UUID id,
    long generation,
    boolean archived,
    String kind,
    @Nullable String appid,
    long createTime,
    @Nullable Secret xml,
    Instant receivedAt,
    int attempts) {}
