package io.yima.provider;

import io.yima.tenancy.ProviderId;

/**
 * A provider was registered. Fired as a synchronous CDI event inside the transaction that stores
 * it, so that rooms above can add rows of their own; what an observer throws undoes all of it.
 */
public record ProviderRegistered(ProviderId provider) {}
