package io.yima.security.audit;

import java.util.Arrays;
import java.util.Optional;

/** What the trail tells of. The words stand in the database and in the API: never change one. */
public enum AuditAction {
  PROVIDER_REGISTERED("provider.registered"),
  PROVIDER_CHANGED("provider.changed"),
  PROVIDER_ARCHIVED("provider.archived"),
  KEY_CREATED("key.created"),
  KEY_REVOKED("key.revoked"),
  LINK_CREATED("link.created"),
  AUTHORIZERS_ADOPTED("authorizers.adopted"),
  TOKEN_READ("token.read"),
  TOKEN_REFRESHED("token.refreshed"),
  APPLICATION_ORDERED("application.ordered"),
  APPLICATION_WOKEN("application.woken"),
  APPLICATION_SYNCED("application.synced"),
  APPLICATION_WITHDRAWN("application.withdrawn");

  private final String word;

  AuditAction(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  static Optional<AuditAction> of(String word) {
    return Arrays.stream(values()).filter(action -> action.word.equals(word)).findFirst();
  }
}
