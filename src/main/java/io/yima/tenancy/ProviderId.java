package io.yima.tenancy;

import io.yima.database.Ids;
import java.util.UUID;

/** Identifies a provider, the tenant. */
public record ProviderId(UUID value) {

  public static ProviderId next() {
    return new ProviderId(Ids.next());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
