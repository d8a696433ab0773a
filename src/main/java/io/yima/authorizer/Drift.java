package io.yima.authorizer;

import io.yima.authorizer.ReconcileFindings.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a profile changed in what is known of a merchant.
 *
 * @param known whether anything was known before
 */
record Drift(Facts before, Facts after, boolean known) {

  /** What WeChat tells of an account that matters here. */
  record Facts(
      AuthorizerStanding standing,
      Set<Integer> permissionSets,
      @Nullable Integer serviceType,
      boolean miniProgram,
      @Nullable Integer accountStatus) {

    Facts {
      permissionSets = Set.copyOf(permissionSets);
    }
  }

  /** One thing that is other than it was known to be. */
  record Change(Kind kind, String from, String to) {}

  /** What can be other; the words of the history. */
  enum Kind {
    PERMISSION_SETS_CHANGED,
    ACCOUNT_TYPE_CHANGED,
    ACCOUNT_STATUS_CHANGED
  }

  /** Whether it changes what the merchant may do. */
  boolean ofStanding() {
    return !before.standing().equals(after.standing());
  }

  /** Whether permission set 46 came or went. */
  Optional<Finding> ofMarketingCodes() {
    if (!known || before.standing().marketingCodeSet() == after.standing().marketingCodeSet()) {
      return Optional.empty();
    }
    return Optional.of(
        after.standing().marketingCodeSet()
            ? Finding.MARKETING_CODES_GRANTED
            : Finding.MARKETING_CODES_WITHDRAWN);
  }

  boolean ofPermissionSets() {
    return known && !before.permissionSets().equals(after.permissionSets());
  }

  /** All changes of what was known; what is learnt for the first time is none. */
  List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    if (ofPermissionSets()) {
      changes.add(
          new Change(
              Kind.PERMISSION_SETS_CHANGED,
              list(before.permissionSets()),
              list(after.permissionSets())));
    }
    if (known && before.serviceType() != null && !type(before).equals(type(after))) {
      changes.add(new Change(Kind.ACCOUNT_TYPE_CHANGED, type(before), type(after)));
    }
    if (known
        && before.accountStatus() != null
        && !before.accountStatus().equals(after.accountStatus())) {
      changes.add(
          new Change(
              Kind.ACCOUNT_STATUS_CHANGED,
              before.accountStatus().toString(),
              String.valueOf(after.accountStatus())));
    }
    return changes;
  }

  private static String list(Set<Integer> sets) {
    return new TreeSet<>(sets).stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static String type(Facts facts) {
    return facts.miniProgram() ? "mini_program" : "service_type " + facts.serviceType();
  }
}
