package io.yima.authorizer;

import io.yima.tenancy.ProviderId;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A stored {@link AuthorizationLink}. */
@Entity
@Table(name = "authorization_link")
class Invitation {

  /** Which link of which provider. */
  @Embeddable
  record Key(@Column(name = "provider_id") UUID providerId, @Column(name = "id") UUID id) {}

  @EmbeddedId private Key key;

  @Column(name = "auth_type", nullable = false)
  private int authType;

  @Column(name = "biz_appid")
  private @Nullable String bizAppid;

  @Column(name = "return_url")
  private @Nullable String returnUrl;

  @Column(name = "created_at", nullable = false)
  private Instant createdAt;

  @Column(name = "expires_at", nullable = false)
  private Instant expiresAt;

  @Column(name = "used_at")
  private @Nullable Instant usedAt;

  @SuppressWarnings("NullAway.Init")
  protected Invitation() {}

  Invitation(ProviderId provider, AuthorizationLink link, Instant now) {
    this.key = new Key(provider.value(), link.id());
    this.authType = link.authType();
    this.bizAppid = link.bizAppid();
    this.returnUrl = link.returnUrl();
    this.createdAt = now;
    this.expiresAt = link.expiresAt();
  }

  void used(Instant now) {
    if (usedAt == null) {
      usedAt = now;
    }
  }

  AuthorizationLink link() {
    return new AuthorizationLink(key.id(), authType, bizAppid, returnUrl, expiresAt);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Invitation that && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }
}
