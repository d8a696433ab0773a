package io.yima.authorizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.authorizer.Drift.Facts;
import io.yima.authorizer.Drift.Kind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DriftTest {

  private static final Facts SHOP = facts(Set.of(1, 46), 2, false, 1);

  @Test
  void what_is_as_it_was_is_no_change() {
    assertThat(drift(SHOP, SHOP, true).changes()).isEmpty();
    assertThat(drift(SHOP, SHOP, true).ofPermissionSets()).isFalse();
  }

  @Test
  void every_change_is_told_with_both_sides() {
    Drift drift = drift(SHOP, facts(Set.of(1, 11, 4), 0, false, 19), true);

    assertThat(drift.changes())
        .containsExactly(
            new Drift.Change(Kind.PERMISSION_SETS_CHANGED, "1,46", "1,4,11"),
            new Drift.Change(Kind.ACCOUNT_TYPE_CHANGED, "service_type 2", "service_type 0"),
            new Drift.Change(Kind.ACCOUNT_STATUS_CHANGED, "1", "19"));
    assertThat(drift.ofStanding()).isTrue();
  }

  @Test
  void a_set_that_orders_do_not_need_is_drift_as_well() {
    Drift drift = drift(SHOP, facts(Set.of(1, 11, 46), 2, false, 1), true);

    assertThat(drift.changes())
        .extracting(Drift.Change::kind)
        .isEqualTo(List.of(Kind.PERMISSION_SETS_CHANGED));
    assertThat(drift.ofStanding()).isFalse();
    assertThat(drift.ofMarketingCodes()).isEmpty();
  }

  @Test
  void what_is_learnt_for_the_first_time_is_none() {
    Facts nothing = facts(Set.of(), null, false, null);

    assertThat(drift(nothing, SHOP, false).changes()).isEmpty();
    assertThat(drift(facts(Set.of(1, 46), null, false, null), SHOP, true).changes()).isEmpty();
  }

  private static Drift drift(Facts before, Facts after, boolean known) {
    return new Drift(before, after, known);
  }

  private static Facts facts(
      Set<Integer> sets, Integer serviceType, boolean miniProgram, Integer accountStatus) {
    return new Facts(
        new AuthorizerStanding(
            AuthorizerStatus.ACTIVE,
            sets.contains(46),
            Authorizer.isServiceAccount(serviceType, miniProgram)),
        sets,
        serviceType,
        miniProgram,
        accountStatus);
  }
}
