package io.yima.tenancy;

/** A provider as the directory knows it: nothing secret. */
public record ProviderEntry(ProviderId id, String componentAppid, String name, boolean archived) {}
