package io.yima.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.callback.ConnectedProviders;
import io.yima.database.WorkerDatabase;
import io.yima.secrets.Sealer;
import io.yima.secrets.Secret;
import io.yima.secrets.Unsealer;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Failure.RejectedToken;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatError;
import io.yima.wechat.WeChatResult;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.wechat.WeChatResult.Success;
import io.yima.work.Node;
import io.yima.work.WorkFigures;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class ComponentTokensTest {

  private static final String API = "/cgi-bin/component/api_component_token";

  @Inject ComponentTokens tokens;
  @Inject TokenSearch search;
  @Inject ComponentTokenFetch fetch;
  @Inject Rejections rejections;
  @Inject ComponentTokenWork work;
  @Inject TicketWatch watch;
  @Inject ComponentStates states;
  @Inject ConnectedProviders connected;
  @Inject RegisteredProviders registered;
  @Inject WorkerDatabase database;
  @Inject Sealer sealer;
  @Inject Unsealer unsealer;
  @Inject TokenLease lease;
  @Inject WorkFigures figures;
  @Inject SettableClock clock;

  private final Sandbox sandbox = Sandbox.ofThisTest();
  private final ComponentApp app = ComponentApp.unheardOf();

  @AfterEach
  void mend() {
    sandbox.clearFaults();
  }

  @Test
  void one_fetch_serves_twenty_callers_on_two_nodes() throws Exception {
    ProviderId provider = connected.connect(app).id();
    TokenSearch otherNode =
        new TokenSearch(
            new ComponentRows(database, unsealer, new Node()),
            fetch,
            rejections,
            lease,
            figures,
            clock);
    sandbox.fault(Map.of("path", API, "kind", "delay", "delay_ms", 300, "times", 1));

    List<TokenLookup> found = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<TokenLookup>> callers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        TokenSearch node = i % 2 == 0 ? search : otherNode;
        callers.add(threads.submit(() -> node.find(provider, null, soon())));
      }
      for (Future<TokenLookup> caller : callers) {
        found.add(caller.get());
      }
    }

    assertThat(found).allMatch(TokenLookup.Valid.class::isInstance);
    assertThat(found).containsOnly(found.getFirst());
    assertThat(issued()).isEqualTo(1);
  }

  @Test
  void a_refused_token_is_renewed_once_and_the_call_repeated() throws Exception {
    ProviderId provider = connected.connect(app).id();
    Secret stale = token(provider);

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<WeChatResult<Secret>>> callers = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        callers.add(threads.submit(() -> callRefusing(provider, stale)));
      }
      for (Future<WeChatResult<Secret>> caller : callers) {
        assertThat(caller.get()).isInstanceOf(Success.class).isNotEqualTo(new Success<>(stale));
      }
    }

    assertThat(issued()).isEqualTo(2);
  }

  @Test
  void a_token_that_is_taken_again_and_again_is_fetched_more_rarely_and_told() {
    ProviderId provider = connected.connect(app).id();
    callRefusing(provider, token(provider));
    Secret second = token(provider);
    assertThat(issued()).isEqualTo(2);

    assertThat(callRefusing(provider, second)).isInstanceOf(Failed.class);
    assertThat(call(provider)).isInstanceOf(Failed.class);

    assertThat(issued()).isEqualTo(2);
    ComponentState told = states.of(provider);
    assertThat(told.rejectedAt()).isBeforeOrEqualTo(clock.instant());
    assertThat(told.lastError().code()).isEqualTo("component_token_taken");
    assertThat(told.lastError().remedy()).contains("Find the other deployment");

    Time.passes(Duration.ofSeconds(5));
    Secret third = token(provider);
    assertThat(third).isNotEqualTo(second);
    assertThat(issued()).isEqualTo(3);
    assertThat(states.of(provider).lastError()).isNull();

    callRefusing(provider, third);
    Time.passes(Duration.ofSeconds(4));
    assertThat(call(provider)).isInstanceOf(Failed.class);
    Time.passes(Duration.ofSeconds(6));
    assertThat(call(provider)).isInstanceOf(Success.class);
    assertThat(issued()).isEqualTo(4);
  }

  @Test
  void who_hears_late_that_a_token_was_taken_does_not_prolong_the_pause_for_all() {
    ProviderId provider = connected.connect(app).id();
    callRefusing(provider, token(provider));
    Secret second = token(provider);
    callRefusing(provider, second);
    assertThat(call(provider)).isInstanceOf(Failed.class);
    assertThat(issued()).isEqualTo(2);

    // The pause is over when the last of those who were lent the token is told that it is dead.
    Time.passes(Duration.ofSeconds(5));
    TokenLookup late = search.find(provider, second, soon());

    assertThat(late).isInstanceOf(TokenLookup.Valid.class);
    assertThat(issued()).isEqualTo(3);
    assertThat(states.of(provider).lastError()).isNull();
  }

  @Test
  void a_late_failure_of_an_old_token_leaves_the_newer_one() {
    ProviderId provider = connected.connect(app).id();
    Secret old = token(provider);
    callRefusing(provider, old);
    Secret fresh = token(provider);

    TokenLookup late = search.find(provider, old, soon());

    assertThat(late).isEqualTo(new TokenLookup.Valid(app.appid(), fresh));
    assertThat(issued()).isEqualTo(2);
  }

  @Test
  void a_call_that_is_refused_twice_is_not_repeated_again() {
    ProviderId provider = connected.connect(app).id();
    List<Secret> used = new ArrayList<>();

    WeChatResult<String> result =
        tokens.call(
            provider,
            soon(),
            (appid, token) -> {
              used.add(token);
              return new Failed<>(refused());
            });

    assertThat(result).isInstanceOf(Failed.class);
    assertThat(used).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void a_token_is_renewed_ahead_of_time_without_anybody_asking() {
    ProviderId provider = connected.connect(app).id();
    Secret first = token(provider);
    Time.passes(Duration.ofMinutes(104));
    assertThat(states.of(provider).token(clock.instant())).isEqualTo(ComponentState.Token.DUE);

    work.runDue(1_000);

    assertThat(states.of(provider).token(clock.instant())).isEqualTo(ComponentState.Token.FRESH);
    assertThat(token(provider)).isNotEqualTo(first);
    assertThat(issued()).isEqualTo(2);
  }

  @Test
  void without_a_ticket_the_failure_says_so_and_a_push_is_asked_for_once_in_ten_minutes() {
    ProviderId provider = registered.register(app).id();

    WeChatResult<Secret> result = call(provider);

    assertThat(result)
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              Failure failure = failed.failure();
              assertThat(failure).isInstanceOf(Failure.Unavailable.class);
              assertThat(failure.sent()).isFalse();
              assertThat(failure.error().errmsg()).contains("component_verify_ticket");
            });
    watch.runDue(1_000);
    ComponentState asked = states.of(provider);
    assertThat(asked.pushRequestedAt()).isNotNull();
    assertThat(asked.lastError().code()).isEqualTo("ticket_missing");

    Time.passes(Duration.ofMinutes(5));
    call(provider);
    watch.runDue(1_000);
    assertThat(states.of(provider).pushRequestedAt()).isEqualTo(asked.pushRequestedAt());

    Time.passes(Duration.ofMinutes(6));
    watch.runDue(1_000);
    assertThat(states.of(provider).pushRequestedAt()).isAfter(asked.pushRequestedAt());
  }

  @Test
  void a_ticket_that_arrives_ends_the_wait_for_one() {
    ProviderId provider = registered.register(app).id();
    call(provider);
    String publicUrl = ConfigProvider.getConfig().getValue("yima.public-url", String.class);
    sandbox.platform(app, publicUrl);
    sandbox.pushTicket(app.appid());
    connected.handlePushes();

    work.runDue(1_000);

    ComponentState state = states.of(provider);
    assertThat(state.token(clock.instant())).isEqualTo(ComponentState.Token.FRESH);
    assertThat(state.ticket(clock.instant())).isEqualTo(ComponentState.Ticket.FRESH);
  }

  @Test
  void a_failure_is_kept_and_told_until_the_next_attempt_is_due() {
    ProviderId provider = connected.connect(app).id();
    sandbox.fault(Map.of("path", API, "kind", "errcode", "errcode", 61004, "appid", app.appid()));
    long before = asked();

    call(provider);
    WeChatResult<Secret> second = call(provider);

    assertThat(asked() - before).isEqualTo(1);
    assertThat(second)
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.failure().error().errcode()).isEqualTo(61004);
              assertThat(failed.failure().remedy()).isPresent();
              assertThat(failed.failure().sent()).isFalse();
            });
    assertThat(states.of(provider).token(clock.instant())).isEqualTo(ComponentState.Token.FAILING);

    sandbox.clearFaults();
    Time.passes(Duration.ofSeconds(3));
    assertThat(call(provider)).isInstanceOf(Success.class);
  }

  /** All of a provider's merchants wait for this one call. */
  @Test
  void after_an_outage_of_hours_a_token_is_there_within_half_a_minute() {
    ProviderId provider = connected.connect(app).id();
    sandbox.fault(Map.of("path", API, "kind", "errcode", "errcode", -1, "appid", app.appid()));
    for (int failures = 1; failures <= 12; failures++) {
      Time.passes(Duration.ofMinutes(15));
      assertThat(call(provider)).isInstanceOf(Failed.class);
    }

    sandbox.clearFaults();
    Time.passes(Duration.ofSeconds(30));

    assertThat(call(provider)).isInstanceOf(Success.class);
  }

  @Test
  void an_archived_provider_is_left_alone() {
    ProviderId provider = connected.connect(app).id();
    token(provider);
    registered.archive(app);
    Time.passes(Duration.ofHours(3));

    work.runDue(1_000);
    watch.runDue(1_000);

    assertThat(issued()).isEqualTo(1);
    assertThat(states.of(provider).pushRequestedAt()).isNull();
    assertThat(call(provider)).isInstanceOf(Failed.class);
  }

  @Test
  void only_a_newer_ticket_replaces_and_it_is_used_for_twelve_hours() {
    ProviderId provider = registered.register(app).id();
    TicketRows rows = new TicketRows(database, sealer, unsealer);
    rows.keep(provider, Secret.of("ticket@@@new"), 200, clock.instant());

    rows.keep(provider, Secret.of("ticket@@@old"), 100, clock.instant());

    ComponentRows nodes = new ComponentRows(database, unsealer, new Node());
    ClaimedComponent claim = nodes.claim(provider, 0, lease.lease()).orElseThrow();
    assertThat(claim.ticket()).isEqualTo(Secret.of("ticket@@@new"));
    assertThat(claim.usableTicket(clock.instant().plus(Duration.ofMinutes(719)))).isNotNull();
    assertThat(claim.usableTicket(clock.instant().plus(Duration.ofMinutes(721)))).isNull();
    assertThat(nodes.claim(provider, 1, lease.lease())).as("leased").isEmpty();
    nodes.giveBack(List.of());
    assertThat(nodes.claim(provider, 1, lease.lease())).isPresent();
  }

  private Secret token(ProviderId provider) {
    return switch (call(provider)) {
      case Success<Secret>(Secret token) -> token;
      case Failed<Secret>(Failure failure) -> throw new AssertionError(failure.toString());
    };
  }

  private WeChatResult<Secret> call(ProviderId provider) {
    return tokens.call(provider, soon(), (appid, token) -> new Success<>(token));
  }

  private WeChatResult<Secret> callRefusing(ProviderId provider, Secret stale) {
    return tokens.call(
        provider,
        soon(),
        (appid, token) -> token.equals(stale) ? new Failed<>(refused()) : new Success<>(token));
  }

  private static Failure refused() {
    return new Failure.TokenRejected(
        new WeChatError("any", 40001, "invalid credential", null), RejectedToken.COMPONENT);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(8), Urgency.INTERACTIVE);
  }

  private int issued() {
    Integer issued = sandbox.counters().get("component_tokens." + app.appid());
    return issued == null ? 0 : issued;
  }

  private long asked() {
    Map<String, Integer> calls = sandbox.counters().getMap("calls");
    return calls.getOrDefault(API, 0);
  }
}
