package io.yima.wechat;

import io.yima.secrets.Secret;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A merchant's account as WeChat describes it [AINFO].
 *
 * @param serviceType 2 is a service account
 * @param accountStatus 1 is normal
 * @param miniProgram whether the account is a mini program
 * @param allPermissionSets whether no other is granted; false where an entry cannot be read
 */
public record AuthorizerProfile(
    String authorizerAppid,
    @Nullable String nickName,
    @Nullable String principalName,
    @Nullable String headImg,
    @Nullable String userName,
    @Nullable Integer serviceType,
    @Nullable Integer verifyType,
    @Nullable Integer accountStatus,
    boolean miniProgram,
    Set<Integer> permissionSets,
    boolean allPermissionSets,
    @Nullable Secret refreshToken) {

  public AuthorizerProfile {
    permissionSets = Set.copyOf(permissionSets);
  }
}
