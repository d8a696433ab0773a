package io.yima.authorizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.authorizer.FreshToken.Valid;
import io.yima.authorizer.MoodyWeChat.Mood;
import io.yima.authorizer.TokenNodes.Surroundings;
import io.yima.authorizer.TokenNodes.TokenNode;
import io.yima.authorizer.TokenRows.TokenRow;
import io.yima.database.WorkerDatabase;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.ClockByHand;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.Authorization;
import io.yima.wechat.Deadline;
import io.yima.wechat.IssuedToken;
import io.yima.wechat.Urgency;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Nodes correct their clocks by the database's. Should one not have done so, and be an hour ahead
 * of the other, tokens are refreshed early or late, but neither lost nor stuck.
 */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class ClocksApartTest {

  private static final int SEEDS = 20;
  private static final int STEPS = 30;
  private static final Duration APART = Duration.ofHours(1);

  /** Longer than any pause after failures, and than the hour. */
  private static final Duration LONG_ENOUGH = Duration.ofHours(3);

  private static final List<Mood> MOODS =
      List.of(
          Mood.SOUND,
          Mood.SOUND,
          Mood.ROTATING,
          Mood.ROTATING,
          Mood.BUSY,
          Mood.RESET,
          Mood.TOO_FAST);

  @Inject Merchants merchants;
  @Inject TokenNodes nodes;
  @Inject WorkerDatabase database;

  private final ComponentApp app = ComponentApp.unheardOf();
  private ProviderId provider;
  private TokenRows rows;

  /** A node and the time that it believes in. */
  private record Believer(TokenNode node, ClockByHand clock) {}

  @BeforeEach
  void alone() {
    TokenRows.forgetAll(database);
    provider = merchants.provider(app);
    rows = new TokenRows(database, nodes.seals(), provider);
  }

  @AfterEach
  void leaveNothingToDo() {
    TokenRows.forgetAll(database);
    merchants.archive(app);
  }

  @Test
  void a_node_that_is_an_hour_ahead_of_another_loses_no_token_and_leaves_none_stuck() {
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        run(new Random(seed), "wx%016d".formatted(seed));
      } catch (AssertionError e) {
        throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
      }
    }
    Robustness.row(
        "Self-healing",
        "two nodes, one an hour ahead and uncorrected, and a WeChat of changing moods, seeded",
        (long) SEEDS * STEPS,
        "the refresh token that works is never lost; each node serves a token again");
  }

  private void run(RandomGenerator random, String appid) {
    MoodyWeChat weChat = new MoodyWeChat();
    ClockByHand clock = new ClockByHand(Instant.parse("2026-03-10T12:00:00Z"));
    ClockByHand ahead = new ClockByHand(clock.instant().plus(APART));
    Surroundings right = new Surroundings(database, weChat, clock);
    Surroundings wrong = new Surroundings(database, weChat, ahead);
    TokenWrites rightWrites = nodes.writes(right);
    TokenWrites wrongWrites = nodes.writes(wrong);
    List<Believer> believers =
        List.of(
            new Believer(nodes.start(right, rightWrites), clock),
            new Believer(nodes.start(wrong, wrongWrites), ahead));
    try {
      AuthorizerId id = authorized(weChat, nodes.authorized(right), clock, appid);
      for (int step = 0; step < STEPS; step++) {
        pass(believers, Duration.ofMinutes(1 + random.nextInt(60)));
        Believer one = believers.get(random.nextInt(2));
        Mood mood = MOODS.get(random.nextInt(MOODS.size()));
        weChat.next(appid, mood, () -> {});
        keep(one, random.nextInt(4) == 0);
        assertThatNothingIsLost(weChat, appid);
      }
      for (Believer one : believers) {
        pass(believers, LONG_ENOUGH);
        weChat.next(appid, Mood.SOUND, () -> {});
        assertThat(one.node().tokens().valid(id, access(appid), soon())).isInstanceOf(Valid.class);
        assertThat(rows.read(List.of(appid)).get(appid).status())
            .isEqualTo(AuthorizerStatus.ACTIVE);
      }
    } finally {
      rightWrites.stop();
      wrongWrites.stop();
      rows.leaveAlone(Set.of(appid));
    }
  }

  private AuthorizerId authorized(
      MoodyWeChat weChat, AuthorizedRows authorized, ClockByHand clock, String appid) {
    AuthorizerId id = new AuthorizerId(provider, appid);
    weChat.authorize(appid);
    authorized.store(
        id,
        new Authorization(
            appid,
            new IssuedToken(Secret.of("accesstoken@@@0"), Duration.ofHours(2)),
            Secret.of(weChat.refreshToken(appid)),
            Set.of(1, 46)),
        clock.instant().getEpochSecond(),
        clock.instant(),
        clock.instant().plus(Duration.ofMinutes(96)));
    return id;
  }

  private static void pass(List<Believer> believers, Duration time) {
    believers.forEach(believer -> believer.clock().advance(time));
  }

  /**
   * Works off what this node believes to be due.
   *
   * @param tooLate its lease ends and somebody takes the row before it has answered
   */
  private void keep(Believer one, boolean tooLate) {
    for (ClaimedToken claim : one.node().claims().due(one.clock().instant(), 10, nodes.lease())) {
      if (tooLate) {
        rows.endLease(claim.id().authorizerAppid());
        one.node().claims().due(one.clock().instant(), 10, nodes.lease());
        rows.endLease(claim.id().authorizerAppid());
      }
      one.node().renewal().renew(claim, soon());
    }
  }

  private void assertThatNothingIsLost(MoodyWeChat weChat, String appid) {
    String newest = weChat.toldAndAlive(appid);
    if (newest != null) {
      TokenRow row = rows.read(List.of(appid)).get(appid);
      assertThat(Arrays.asList(row.refresh(), row.previous(), row.candidate())).contains(newest);
    }
  }

  private Secret access(String appid) {
    String access = rows.read(List.of(appid)).get(appid).access();
    return access == null ? null : Secret.of(access);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(10), Urgency.INTERACTIVE);
  }
}
