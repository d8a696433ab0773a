package io.yima.authorizer;

import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.AuthorizerProfile;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A merchant's account under a provider. Status and authorization are written together with the
 * tokens, by {@link AuthorizerRows}; the profile is written here, and the version tells when the
 * two meet.
 */
@Entity
@Table(name = "authorizer")
class Authorizer {

  private static final int SERVICE_ACCOUNT = 2;

  /** Which account under which provider. */
  @Embeddable
  record Key(
      @Column(name = "provider_id") UUID providerId,
      @Column(name = "authorizer_appid") String authorizerAppid) {
    static Key of(AuthorizerId id) {
      return new Key(id.provider().value(), id.authorizerAppid());
    }
  }

  @EmbeddedId private Key key;

  @Enumerated(EnumType.STRING)
  @Column(nullable = false, updatable = false)
  private AuthorizerStatus status;

  @Column(name = "nick_name")
  private @Nullable String nickName;

  @Column(name = "principal_name")
  private @Nullable String principalName;

  @Column(name = "user_name")
  private @Nullable String userName;

  @Column(name = "head_img")
  private @Nullable String headImg;

  @Column(name = "service_type")
  private @Nullable Integer serviceType;

  @Column(name = "verify_type")
  private @Nullable Integer verifyType;

  @Column(name = "account_status")
  private @Nullable Integer accountStatus;

  @Column(name = "mini_program", nullable = false)
  private boolean miniProgram;

  @Column(name = "permission_sets", nullable = false)
  private int[] permissionSets;

  @Column(name = "profile_asked_at")
  private @Nullable Instant profileAskedAt;

  @Version private int version;

  @SuppressWarnings("NullAway.Init")
  protected Authorizer() {}

  int version() {
    return version;
  }

  AuthorizerStanding standing() {
    boolean set46 =
        Arrays.stream(permissionSets).anyMatch(set -> set == AuthorizerStanding.MARKETING_CODE_SET);
    return new AuthorizerStanding(status, set46, isServiceAccount(serviceType, miniProgram));
  }

  Drift.Facts facts() {
    return new Drift.Facts(
        standing(),
        Arrays.stream(permissionSets).boxed().collect(Collectors.toSet()),
        serviceType,
        miniProgram,
        accountStatus);
  }

  /** Whether WeChat has ever told what this merchant granted. */
  boolean isKnown() {
    return profileAskedAt != null || permissionSets.length > 0;
  }

  static boolean isServiceAccount(@Nullable Integer serviceType, boolean miniProgram) {
    return serviceType != null && serviceType == SERVICE_ACCOUNT && !miniProgram;
  }

  /** What WeChat tells of the account; what it leaves out stays as it was. */
  void described(AuthorizerProfile profile, Instant now) {
    nickName = orStored(profile.nickName(), nickName);
    principalName = orStored(profile.principalName(), principalName);
    userName = orStored(profile.userName(), userName);
    headImg = orStored(profile.headImg(), headImg);
    serviceType = orStored(profile.serviceType(), serviceType);
    verifyType = orStored(profile.verifyType(), verifyType);
    accountStatus = orStored(profile.accountStatus(), accountStatus);
    miniProgram = profile.miniProgram();
    if (!profile.permissionSets().isEmpty()) {
      Set<Integer> granted = new TreeSet<>(profile.permissionSets());
      if (!profile.allPermissionSets()) {
        // What cannot be read may be what is missing.
        Arrays.stream(permissionSets).forEach(granted::add);
      }
      permissionSets = PermissionSets.sorted(granted);
    }
    profileAskedAt = now;
  }

  private static <T> @Nullable T orStored(@Nullable T told, @Nullable T stored) {
    return told == null ? stored : told;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Authorizer that && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }
}
