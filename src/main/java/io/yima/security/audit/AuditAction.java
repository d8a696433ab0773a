package io.yima.security.audit;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Optional;

/** What the trail tells of. The words stand in the database and in the API: never change one. */
public enum AuditAction {
  @JsonProperty("provider.registered")
  PROVIDER_REGISTERED("provider.registered"),
  @JsonProperty("provider.changed")
  PROVIDER_CHANGED("provider.changed"),
  @JsonProperty("provider.archived")
  PROVIDER_ARCHIVED("provider.archived"),
  @JsonProperty("key.created")
  KEY_CREATED("key.created"),
  @JsonProperty("key.revoked")
  KEY_REVOKED("key.revoked"),
  @JsonProperty("link.created")
  LINK_CREATED("link.created"),
  @JsonProperty("authorizers.adopted")
  AUTHORIZERS_ADOPTED("authorizers.adopted"),
  @JsonProperty("token.read")
  TOKEN_READ("token.read"),
  @JsonProperty("gateway.token_issued")
  GATEWAY_TOKEN_ISSUED("gateway.token_issued"),
  @JsonProperty("gateway.forwarded")
  GATEWAY_FORWARDED("gateway.forwarded"),
  @JsonProperty("token.refreshed")
  TOKEN_REFRESHED("token.refreshed"),
  @JsonProperty("application.ordered")
  APPLICATION_ORDERED("application.ordered"),
  @JsonProperty("application.woken")
  APPLICATION_WOKEN("application.woken"),
  @JsonProperty("application.synced")
  APPLICATION_SYNCED("application.synced"),
  @JsonProperty("application.withdrawn")
  APPLICATION_WITHDRAWN("application.withdrawn"),
  @JsonProperty("code_key.set")
  CODE_KEY_SET("code_key.set"),
  @JsonProperty("codes.read")
  CODES_READ("codes.read"),
  @JsonProperty("codes.activated")
  CODES_ACTIVATED("codes.activated"),
  @JsonProperty("code.looked_up")
  CODE_LOOKED_UP("code.looked_up"),
  @JsonProperty("ticket.exchanged")
  TICKET_EXCHANGED("ticket.exchanged");

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
