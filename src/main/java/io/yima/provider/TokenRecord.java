package io.yima.provider;

import io.yima.secrets.Secret;
import io.yima.tenancy.ProviderId;
import io.yima.work.LastError;
import java.time.Instant;

/** What is written back of a claim, if it is still the claimant's. */
sealed interface TokenRecord {

  ProviderId provider();

  long generation();

  Instant nextRefreshAt();

  record Fetched(
      ProviderId provider,
      long generation,
      Secret token,
      Instant refreshedAt,
      Instant expiresAt,
      Instant nextRefreshAt)
      implements TokenRecord {}

  record NotFetched(
      ProviderId provider, long generation, LastError lastError, Instant nextRefreshAt)
      implements TokenRecord {}
}
