package io.yima.authorizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.authorizer.FreshToken.Absent;
import io.yima.authorizer.FreshToken.Inactive;
import io.yima.authorizer.FreshToken.Unknown;
import io.yima.authorizer.FreshToken.Valid;
import io.yima.authorizer.MoodyWeChat.Mood;
import io.yima.authorizer.TokenModel.Claim;
import io.yima.authorizer.TokenModel.Outcome;
import io.yima.authorizer.TokenNodes.TokenNode;
import io.yima.authorizer.TokenRows.TokenRow;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.ClockByHand;
import io.yima.testsupport.Window;
import io.yima.wechat.Authorization;
import io.yima.wechat.Deadline;
import io.yima.wechat.IssuedToken;
import io.yima.wechat.Urgency;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Random commands to two nodes, to three merchants and to WeChat; after each, the rows and what
 * callers get are held against {@link TokenModel}.
 */
final class TokenSequence {

  static final int COMMANDS = 24;
  private static final int MERCHANTS = 3;

  /** A claim in a node's hands, real and modelled. */
  private record Held(String appid, ClaimedToken token, Claim claim) {}

  /** A push of WeChat's; may arrive late, out of order, twice or never. */
  private record Push(String appid, String code, long createTime) {}

  /** A node, and what it works on. */
  private static final class Worker {
    private final String letter;
    private TokenNode node;
    private final List<Held> held = new ArrayList<>();

    Worker(String letter) {
      this.letter = letter;
    }
  }

  private final ProviderId provider;
  private final TokenRows rows;
  private final MoodyWeChat weChat;
  private final ClockByHand clock;
  private final TokenNodes nodes;
  private final Supplier<TokenNode> start;
  private final RandomGenerator random;
  private final List<String> given;
  private final Map<String, TokenModel> models = new TreeMap<>();
  private final List<Worker> workers = List.of(new Worker("A"), new Worker("B"));
  private final List<Push> pushes = new ArrayList<>();

  TokenSequence(
      ProviderId provider,
      TokenRows rows,
      MoodyWeChat weChat,
      ClockByHand clock,
      TokenNodes nodes,
      Supplier<TokenNode> start,
      RandomGenerator random,
      List<String> given) {
    this.provider = provider;
    this.rows = rows;
    this.weChat = weChat;
    this.clock = clock;
    this.nodes = nodes;
    this.start = start;
    this.random = random;
    this.given = given;
  }

  /**
   * @param prefix of appids that no merchant has yet
   */
  void run(AuthorizedRows authorized, String prefix) {
    clock.set(Instant.parse("2026-03-10T12:00:00Z").plusSeconds(random.nextInt(86_400)));
    weChat.forget();
    workers.forEach(worker -> worker.node = start.get());
    for (int i = 0; i < MERCHANTS; i++) {
      begin(authorized, prefix + i);
    }
    check();
    for (int i = 0; i < COMMANDS; i++) {
      command();
      check();
    }
    rows.leaveAlone(models.keySet());
  }

  /** A merchant whose token is a while old. */
  private void begin(AuthorizedRows authorized, String appid) {
    weChat.authorize(appid);
    String refresh = weChat.refreshToken(appid);
    Duration life = Duration.ofMinutes(60 + random.nextInt(60));
    TokenModel model = new TokenModel();
    model.authorized("accesstoken@@@0", life, refresh, now().getEpochSecond(), now());
    models.put(appid, model);
    authorized.store(
        id(appid),
        new Authorization(
            appid,
            new IssuedToken(Secret.of("accesstoken@@@0"), life),
            Secret.of(refresh),
            Set.of(1, 46)),
        now().getEpochSecond(),
        now(),
        model.next.from());
  }

  private void command() {
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> timePasses();
      case 4, 5, 6, 7 -> claimDue(anyWorker(), 1 + random.nextInt(4));
      case 8, 9, 10, 11 -> answer(anyWorker());
      case 12 -> leaseEnds(anyMerchant());
      case 13 -> ends(anyWorker());
      case 14, 15 -> ask(anyWorker(), anyMerchant(), random.nextInt(3) == 0);
      case 16 -> tryAgain(anyWorker(), anyMerchant(), anyMood());
      case 17 -> atWeChat(anyMerchant());
      default -> arrives(anyWorker());
    }
  }

  private void timePasses() {
    long seconds =
        switch (random.nextInt(5)) {
          case 0 -> 1 + random.nextInt(10);
          case 1 -> 30 + random.nextInt(600);
          case 2, 3 -> 3_000 + random.nextInt(4_200);
          default -> random.nextInt(86_400);
        };
    clock.advance(Duration.ofSeconds(seconds));
    given.add(Duration.ofSeconds(seconds) + " pass, it is " + now());
  }

  private void claimDue(Worker worker, int limit) {
    List<String> due = due();
    given.add(worker.letter + " claims up to " + limit + " of what is due: " + due);
    List<ClaimedToken> claimed = worker.node.claims().due(now(), limit, nodes.lease());
    List<String> appids = claimed.stream().map(one -> one.id().authorizerAppid()).toList();
    assertThat(due).as("what may be claimed").containsAll(appids);
    assertThat(appids).doesNotHaveDuplicates().hasSize(Math.min(limit, due.size()));
    assertThat(appids.stream().map(this::expiry).sorted())
        .as("what expires first is claimed first")
        .isEqualTo(due.stream().map(this::expiry).sorted().limit(limit).toList());
    for (ClaimedToken token : claimed) {
      String appid = token.id().authorizerAppid();
      Claim claim = models.get(appid).claimed(worker.node.name());
      assertThat(token.generation()).isEqualTo(claim.generation());
      worker.held.add(new Held(appid, token, claim));
    }
  }

  /** WeChat answers some of what a node works on, its leases over or not. */
  private void answer(Worker worker) {
    Map<String, Held> some = new LinkedHashMap<>();
    for (Held held : worker.held) {
      if (some.isEmpty() || random.nextBoolean()) {
        some.putIfAbsent(held.appid(), held);
      }
    }
    worker.held.removeAll(some.values());
    Map<String, Mood> moods = new LinkedHashMap<>();
    some.keySet().forEach(appid -> moods.put(appid, anyMood()));
    given.add(worker.letter + " works off " + moods);
    boolean alone = some.size() == 1;
    moods.forEach(
        (appid, mood) -> weChat.next(appid, mood, alone ? meanwhile(worker, appid, mood) : none()));
    Instant asked = now();
    renewAll(worker, some.values());
    for (Held held : some.values()) {
      models.get(held.appid()).recorded(held.claim(), weChat.outcome(held.appid()), asked, now());
    }
  }

  /** At once, because production does, and because each result waits for company. */
  private void renewAll(Worker worker, Iterable<Held> some) {
    List<Future<?>> turns = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Held held : some) {
        turns.add(threads.submit(() -> worker.node.renewal().renew(held.token(), soon())));
      }
    }
    turns.forEach(TokenSequence::result);
  }

  private static Object result(Future<?> turn) {
    return switch (turn.state()) {
      case FAILED -> throw failed(turn.exceptionNow());
      case SUCCESS, RUNNING, CANCELLED -> turn.resultNow();
    };
  }

  private static RuntimeException failed(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("a turn to WeChat failed: " + thrown, thrown);
  }

  /** What others do between WeChat's answer and its being recorded. */
  private Runnable meanwhile(Worker worker, String appid, Mood mood) {
    boolean repeats = mood == Mood.DENYING || mood == Mood.DENYING_AND_BUSY;
    if (repeats || random.nextInt(3) > 0) {
      return none();
    }
    Worker other = workers.get(worker == workers.getFirst() ? 1 : 0);
    return switch (random.nextInt(6)) {
      case 4, 5 -> () -> answerLate(other, appid);
      case 0 ->
          () -> {
            leaseEnds(appid);
            tryAgain(other, appid, Mood.ROTATING);
          };
      case 1 ->
          () -> {
            leaseEnds(appid);
            claimDue(other, MERCHANTS);
          };
      case 2 ->
          () -> {
            weChat.revoke(appid);
            withdrawn(other, new Push(appid, null, now().getEpochSecond() + 61));
          };
      default ->
          () -> exchanged(other, new Push(appid, weChat.authorize(appid), now().getEpochSecond()));
    };
  }

  /** Whoever else holds a claim on this merchant, however old, asks a little later. */
  private void answerLate(Worker worker, String appid) {
    worker.held.stream()
        .filter(one -> one.appid().equals(appid))
        .findFirst()
        .ifPresent(
            held -> {
              clock.advance(Duration.ofSeconds(1 + random.nextInt(5)));
              given.add("%s works off its claim on %s meanwhile".formatted(worker.letter, appid));
              worker.held.remove(held);
              weChat.next(appid, Mood.ROTATING, none());
              Instant asked = now();
              worker.node.renewal().renew(held.token(), soon());
              models.get(appid).recorded(held.claim(), weChat.outcome(appid), asked, now());
            });
  }

  private static Runnable none() {
    return () -> {};
  }

  private void leaseEnds(String appid) {
    given.add("the lease on " + appid + " ends");
    if (models.get(appid).isLeased()) {
      rows.endLease(appid);
      models.get(appid).leaseEnded();
    }
  }

  /** A node is killed and started again, or stops as it should. */
  private void ends(Worker worker) {
    worker.held.clear();
    if (random.nextBoolean()) {
      given.add(worker.letter + " gives back what it holds");
      String name = worker.node.name();
      worker.node.claims().giveBack();
      models.values().stream()
          .filter(model -> name.equals(model.holder))
          .forEach(TokenModel::leaseEnded);
    } else {
      given.add(worker.letter + " is killed and started again");
      worker.node = start.get();
    }
  }

  /** Somebody wants a token; one that WeChat refused, where it says so, is not it. */
  private void ask(Worker worker, String appid, boolean refused) {
    TokenModel model = models.get(appid);
    String used = refused ? model.access : null;
    Mood mood = anyMood();
    given.add(
        "%s is asked for a token of %s%s, WeChat is %s"
            .formatted(worker.letter, appid, refused ? " other than its own" : "", mood));
    String stored = model.served(used, now());
    boolean refreshes = model.status == AuthorizerStatus.ACTIVE && stored == null;
    boolean inPeace = refreshes && (model.isBackingOff(now()) || model.isLeased());
    boolean asks = refreshes && !inPeace;
    weChat.next(appid, mood, asks ? meanwhile(worker, appid, mood) : none());
    AuthorizerStatus before = model.status;
    // Claimed only when WeChat is asked: what happens meanwhile finds the row in these hands.
    Claim claim = asks ? model.claimed(worker.node.name() + "/now") : null;
    // Whoever finds the row in other hands waits for them, here not at all.
    Deadline deadline = inPeace ? Deadline.in(Duration.ZERO, Urgency.INTERACTIVE) : soon();

    Instant asked = now();
    FreshToken answer =
        worker.node.tokens().valid(id(appid), used == null ? null : Secret.of(used), deadline);

    if (asks) {
      model.recorded(claim, weChat.outcome(appid), asked, now());
    }
    assertThat(said(answer))
        .as("what is said")
        .isEqualTo(expected(model, before, stored, asks ? weChat.outcome(appid) : null));
    assertThat(weChat.outcome(appid) != null).as("WeChat is asked").isEqualTo(asks);
  }

  private String expected(
      TokenModel model, AuthorizerStatus before, String stored, Outcome outcome) {
    if (before != AuthorizerStatus.ACTIVE) {
      return before.name();
    }
    if (stored != null) {
      return stored;
    }
    return switch (outcome) {
      case null -> "none";
      case Outcome.Later _ -> "none";
      case Outcome.Gone(AuthorizerStatus lost) -> lost.name();
      case Outcome.Fresh _ -> {
        String now = model.served(null, now());
        yield model.status != AuthorizerStatus.ACTIVE
            ? model.status.name()
            : now == null ? "none" : now;
      }
    };
  }

  private static String said(FreshToken answer) {
    return switch (answer) {
      case Valid(Secret token, Instant _, boolean _) -> token.reveal();
      case Inactive(AuthorizerStatus status) -> status.name();
      case Absent _ -> "none";
      case Unknown _ -> "unknown";
    };
  }

  /** Reconciliation wants to know, whatever the status. */
  private void tryAgain(Worker worker, String appid, Mood mood) {
    given.add("%s tries %s again, WeChat is %s".formatted(worker.letter, appid, mood));
    TokenModel model = models.get(appid);
    weChat.next(appid, mood, none());
    Claim claim = model.isLeased() ? null : model.claimed(worker.node.name() + "/now");

    worker.node.refreshNow().tryAgain(id(appid));

    assertThat(weChat.outcome(appid) != null).as("WeChat is asked").isEqualTo(claim != null);
    if (claim != null) {
      model.recorded(claim, weChat.outcome(appid), now(), now());
    }
  }

  private void atWeChat(String appid) {
    long createTime = now().getEpochSecond();
    if (weChat.isAuthorized(appid) && random.nextBoolean()) {
      given.add(appid + " withdraws at WeChat");
      weChat.revoke(appid);
      pushes.add(new Push(appid, null, createTime));
    } else {
      given.add(appid + " authorizes at WeChat");
      pushes.add(new Push(appid, weChat.authorize(appid), createTime));
    }
  }

  /** A push arrives, not the oldest first; sometimes it will come again. */
  private void arrives(Worker worker) {
    if (pushes.isEmpty()) {
      return;
    }
    Push push = pushes.get(random.nextInt(pushes.size()));
    if (random.nextInt(3) > 0) {
      pushes.remove(push);
    }
    weChat.next(push.appid(), Mood.SOUND, none());
    if (push.code() == null) {
      withdrawn(worker, push);
    } else {
      exchanged(worker, push);
    }
  }

  private void withdrawn(Worker worker, Push push) {
    given.add("%s hears that %s withdrew".formatted(worker.letter, push));
    models.get(push.appid()).withdrawn(push.createTime(), weChat.isAuthorized(push.appid()));
    worker.node.authorizations().withdrawn(id(push.appid()), push.createTime(), soon());
  }

  private void exchanged(Worker worker, Push push) {
    given.add("%s hears that %s authorized".formatted(worker.letter, push));
    ExchangeOutcome outcome =
        worker
            .node
            .authorizations()
            .exchange(provider, Secret.of(push.code()), push.createTime(), soon());
    Outcome.Fresh fresh = weChat.exchange();
    assertThat(outcome)
        .isEqualTo(
            fresh == null
                ? new ExchangeOutcome.AlreadyExchanged()
                : new ExchangeOutcome.Authorized(id(push.appid())));
    if (fresh != null) {
      models
          .get(push.appid())
          .authorized(fresh.access(), fresh.life(), fresh.used(), push.createTime(), now());
    }
  }

  private void check() {
    Map<String, TokenRow> stored = rows.read(models.keySet());
    models.forEach((appid, model) -> check(appid, model, stored.get(appid)));
  }

  private void check(String appid, TokenModel model, TokenRow row) {
    Instant next = model.next == null ? null : row.next();
    TokenRow expected =
        new TokenRow(
            model.status,
            model.generation,
            model.isLeased(),
            row.holder(),
            model.access,
            model.expiresAt,
            model.refresh,
            model.previous,
            model.candidate == null ? null : model.candidate.token(),
            model.attempts,
            next);
    assertThat(row).as(appid).isEqualTo(expected);
    if (model.next != null) {
      assertThat(model.next.has(row.next()))
          .as("%s is refreshed at %s, within %s", appid, row.next(), model.next)
          .isTrue();
      pin(appid, model);
    }
    String newest = weChat.toldAndAlive(appid);
    if (newest != null) {
      assertThat(List.of(model.refresh, or(row.previous()), or(row.candidate())))
          .as("%s has the refresh token that works", appid)
          .contains(newest);
    }
  }

  /** What production drew at random is drawn again, so that a seed stands for one sequence. */
  private void pin(String appid, TokenModel model) {
    if (!model.next.isPoint()) {
      Instant drawn = model.next.at(random.nextDouble());
      rows.pin(appid, drawn);
      model.next = Window.exactly(drawn);
    }
  }

  private List<String> due() {
    return models.entrySet().stream()
        .filter(one -> one.getValue().isDue(now()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private Instant expiry(String appid) {
    Instant expiresAt = models.get(appid).expiresAt;
    return expiresAt == null ? Instant.MIN : expiresAt;
  }

  private Worker anyWorker() {
    return workers.get(random.nextInt(workers.size()));
  }

  private String anyMerchant() {
    return List.copyOf(models.keySet()).get(random.nextInt(models.size()));
  }

  /** Sound half of the time. */
  private Mood anyMood() {
    Mood[] moods = Mood.values();
    int drawn = random.nextInt(2 * moods.length);
    return drawn < moods.length ? moods[drawn] : Mood.SOUND;
  }

  private Instant now() {
    return clock.instant();
  }

  private AuthorizerId id(String appid) {
    return new AuthorizerId(provider, appid);
  }

  private static String or(String token) {
    return token == null ? "" : token;
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20), Urgency.INTERACTIVE);
  }
}
