package io.yima.security.audit;

import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import org.jspecify.annotations.Nullable;

/**
 * What was done; who did it is the trail's to know. Never holds a secret.
 *
 * @param object what it was done to, by its own id: a key, a link, an isv_application_id
 * @param detail what a person wants to know besides, in a few words
 */
public record AuditEntry(
    ProviderId provider,
    AuditAction action,
    @Nullable String authorizerAppid,
    @Nullable String object,
    @Nullable String detail) {

  public static AuditEntry of(AuditAction action, ProviderId provider) {
    return new AuditEntry(provider, action, null, null, null);
  }

  public static AuditEntry of(AuditAction action, AuthorizerId authorizer) {
    return new AuditEntry(authorizer.provider(), action, authorizer.authorizerAppid(), null, null);
  }

  public AuditEntry authorizer(@Nullable String appid) {
    return new AuditEntry(provider, action, appid, object, detail);
  }

  public AuditEntry object(Object id) {
    return new AuditEntry(provider, action, authorizerAppid, id.toString(), detail);
  }

  public AuditEntry detail(String words) {
    return new AuditEntry(provider, action, authorizerAppid, object, words);
  }
}
