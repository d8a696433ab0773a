package io.yima.provider;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.PrimaryKeyJoinColumn;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.SecondaryRow;
import org.jspecify.annotations.Nullable;

/**
 * A provider with the profile and the sealed secrets of its component app. Ticket and token stand
 * in the same second row, but are read and written by plain JDBC alone.
 */
@Entity
@Table(name = "provider")
@SecondaryTable(
    name = Provider.COMPONENT,
    pkJoinColumns = @PrimaryKeyJoinColumn(name = "provider_id"))
@SecondaryRow(table = Provider.COMPONENT, optional = false)
class Provider {

  static final String COMPONENT = "component";

  enum Status {
    ACTIVE,
    ARCHIVED
  }

  @Id private UUID id;

  @Column(name = "component_appid", updatable = false)
  private String componentAppid;

  @Column(name = "name")
  private String name;

  @Enumerated(EnumType.STRING)
  @Column(name = "status")
  private Status status;

  @Column(name = "created_at", updatable = false)
  private Instant createdAt;

  @Column(name = "archived_at")
  private @Nullable Instant archivedAt;

  @Version private int version;

  @Column(table = COMPONENT, name = "return_url")
  private @Nullable String returnUrl;

  @Column(table = COMPONENT, name = "component_appsecret")
  private byte[] componentAppsecret;

  @Column(table = COMPONENT, name = "message_token")
  private byte[] messageToken;

  @Column(table = COMPONENT, name = "encoding_aes_key")
  private byte[] encodingAesKey;

  @Column(table = COMPONENT, name = "previous_encoding_aes_key")
  private byte @Nullable [] previousEncodingAesKey;

  /** For Hibernate. */
  protected Provider() {}

  /** Not complete until its three secrets are set. */
  Provider(UUID id, String componentAppid, String name, Instant now) {
    this.id = id;
    this.componentAppid = componentAppid;
    this.name = name;
    this.status = Status.ACTIVE;
    this.createdAt = now;
  }

  void rename(String newName) {
    name = newName;
  }

  void returnTo(@Nullable String url) {
    returnUrl = url;
  }

  void replaceAppsecret(byte[] sealed) {
    componentAppsecret = sealed;
  }

  void replaceMessageToken(byte[] sealed) {
    messageToken = sealed;
  }

  /** The former key keeps opening what WeChat encrypted before it learned of the new one. */
  void rotateEncodingAesKey(byte[] sealed) {
    previousEncodingAesKey = encodingAesKey;
    encodingAesKey = sealed;
  }

  /** False when it is archived already. */
  boolean archive(Instant now) {
    if (status == Status.ARCHIVED) {
      return false;
    }
    status = Status.ARCHIVED;
    archivedAt = now;
    return true;
  }

  boolean isArchived() {
    return status == Status.ARCHIVED;
  }

  byte[] encodingAesKey() {
    return encodingAesKey;
  }

  ProviderRecord toRecord() {
    return new ProviderRecord(componentAppid, name, status, returnUrl, createdAt, archivedAt);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Provider that && id.equals(that.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }
}
