package io.yima.provider;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What may be told of a provider: nothing secret. */
record ProviderRecord(
    String componentAppid,
    String name,
    Provider.Status status,
    @Nullable String returnUrl,
    Instant createdAt,
    @Nullable Instant archivedAt) {}
