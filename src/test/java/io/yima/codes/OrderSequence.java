package io.yima.codes;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.authorizer.AuthorizerChanged;
import io.yima.authorizer.AuthorizerStanding;
import io.yima.authorizer.AuthorizerStatus;
import io.yima.codes.CodeApplication.Order;
import io.yima.codes.OrderModel.Block;
import io.yima.codes.OrderModel.Claim;
import io.yima.codes.OrderModel.MerchantModel;
import io.yima.codes.OrderNodes.OrderNode;
import io.yima.codes.OrderingWeChat.Mood;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.ClockByHand;
import io.yima.testsupport.Window;
import io.yima.wechat.Urgency;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Random commands about orders to two nodes, to two merchants and to WeChat; after each, the rows
 * and what callers get are held against {@link OrderModel}.
 */
final class OrderSequence {

  static final int COMMANDS = 24;

  private static final List<String> IDS = List.of("order-1", "order-2");

  private static final Set<String> STEPS =
      Set.of(
          "NONE to SUBMITTING",
          "SUBMITTING to SUBMITTING",
          "SUBMITTING to SUBMITTED",
          "SUBMITTING to REJECTED",
          "SUBMITTING to WITHDRAWN",
          "SUBMITTED to SUBMITTED",
          "SUBMITTED to FINISHED",
          "REJECTED to SUBMITTING",
          "WITHDRAWN to SUBMITTING");

  /** A claim in a node's hands, real and modelled. */
  private record Held(String key, Claimed claimed, Claim claim) {}

  /** A node, and what it works on. */
  private static final class Worker {
    private final String letter;
    private OrderNode node;
    private final List<Held> held = new ArrayList<>();

    Worker(String letter) {
      this.letter = letter;
    }

    String name() {
      return node.node().name();
    }
  }

  private final ProviderId provider;
  private final WorkerDatabase working;
  private final OrderRows rows;
  private final OrderingWeChat weChat;
  private final ClockByHand clock;
  private final SyncSettings settings;
  private final Supplier<OrderNode> start;
  private final RandomGenerator random;
  private final List<String> given;
  private final Map<String, MerchantModel> merchants = new TreeMap<>();
  private final Map<String, OrderModel> models = new TreeMap<>();
  private final List<Worker> workers = List.of(new Worker("A"), new Worker("B"));

  OrderSequence(
      ProviderId provider,
      WorkerDatabase working,
      OrderRows rows,
      OrderingWeChat weChat,
      ClockByHand clock,
      SyncSettings settings,
      Supplier<OrderNode> start,
      RandomGenerator random,
      List<String> given) {
    this.provider = provider;
    this.working = working;
    this.rows = rows;
    this.weChat = weChat;
    this.clock = clock;
    this.settings = settings;
    this.start = start;
    this.random = random;
    this.given = given;
  }

  /**
   * @param prefix of appids that no merchant has yet
   */
  void run(String prefix) {
    clock.set(Instant.parse("2026-03-10T12:00:00Z").plusSeconds(random.nextInt(86_400)));
    weChat.forget(key -> rows.has(key(key).authorizer(), key(key).isvApplicationId()));
    workers.forEach(worker -> worker.node = start.get());
    for (int i = 0; i < 2; i++) {
      String appid = prefix + i;
      rows.merchant(appid);
      merchants.put(appid, new MerchantModel());
      IDS.forEach(id -> models.put(appid + "/" + id, new OrderModel(merchants.get(appid))));
    }
    for (int i = 0; i < COMMANDS; i++) {
      command();
      check();
    }
    assertThat(STEPS).as("how orders go on").containsAll(rows.steps(merchants.keySet()));
    rows.leaveAlone(merchants.keySet());
  }

  private void command() {
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> timePasses();
      case 4, 5, 6, 7 -> order(anyWorker(), anyOrder());
      case 8, 9, 10 -> claimDue(anyWorker(), 1 + random.nextInt(4));
      case 11, 12, 13, 14 -> workOff(anyWorker());
      case 15 -> leaseEnds(anyOrder());
      case 16 -> ends(anyWorker());
      case 17 -> withdraw(anyWorker(), anyOrder());
      case 18 -> sync(anyWorker(), anyOrder(), anyMood());
      default -> merchantChanges(anyWorker(), anyMerchant());
    }
  }

  private void timePasses() {
    long seconds =
        switch (random.nextInt(5)) {
          case 0 -> 1 + random.nextInt(10);
          case 1, 2 -> 10 + random.nextInt(900);
          case 3 -> 3_600 + random.nextInt(3_600);
          default -> random.nextInt(86_400);
        };
    clock.advance(Duration.ofSeconds(seconds));
    given.add(Duration.ofSeconds(seconds) + " pass, it is " + now());
  }

  private void order(Worker worker, String key) {
    long codeCount = random.nextInt(6) == 0 ? 20_000 : 10_000;
    Mood mood = anyMood();
    given.add(
        "%s is ordered %d codes as %s, WeChat is %s"
            .formatted(worker.letter, codeCount, key, mood));
    OrderModel model = models.get(key);
    MerchantModel merchant = merchant(key);
    boolean sends = model.isOpen() && merchant.active && !merchant.isParked("applycode", now());
    String before = sends ? "" : answer(model, merchant, codeCount);
    weChat.next(key, mood, sends ? meanwhile(worker, key) : none());
    if (!sends && !model.isOpen() && model.codeCount == codeCount) {
      model.woken(now());
    }
    Claim claim = sends ? model.ordered(codeCount, worker.name() + "/api", now()) : null;

    String answer =
        said(
            () ->
                worker
                    .node
                    .orders()
                    .order(key(key), new Order(codeCount, null, "test", null, now()))
                    .getClass()
                    .getSimpleName());

    assertThat(weChat.wasCalled(key)).as("WeChat is called").isEqualTo(sends);
    if (sends) {
      model.recorded(claim, mood.ending(), weChat.report(key), now());
    }
    assertThat(answer).isEqualTo(sends ? answer(model) : before);
  }

  /** What is said without turning to WeChat. */
  private String answer(OrderModel model, MerchantModel merchant, long codeCount) {
    if (model.isOpen()) {
      return merchant.active ? "429" : "409";
    }
    if (model.codeCount != codeCount) {
      return "409";
    }
    return model.state == ApplicationState.SUBMITTING ? "Pending" : "Existing";
  }

  private static String answer(OrderModel sent) {
    return switch (sent.state) {
      case SUBMITTED, FINISHED -> "Submitted";
      case SUBMITTING, WITHDRAWN -> "Pending";
      case REJECTED -> "422";
    };
  }

  private void claimDue(Worker worker, int limit) {
    List<String> due =
        models.keySet().stream().filter(key -> models.get(key).isDue(now())).toList();
    given.add(worker.letter + " claims up to " + limit + " of what is due: " + due);
    List<Claimed> claimed =
        working.transaction(
            connection ->
                LedgerClaims.due(
                    connection,
                    now(),
                    limit,
                    worker.name(),
                    settings.lease(),
                    settings.shareForQuestions()));
    List<String> keys = claimed.stream().map(one -> name(one.row().key())).toList();
    assertThat(due).as("what may be claimed").containsAll(keys);
    assertThat(keys).doesNotHaveDuplicates().hasSize(Math.min(limit, due.size()));
    assertThat(inTurn(keys))
        .as("merchants are claimed in turn, and what is longest due of each first")
        .isEqualTo(inTurn(due).stream().limit(limit).toList());
    for (Claimed one : claimed) {
      String key = name(one.row().key());
      Claim claim = models.get(key).claimed(worker.name(), true, now());
      assertThat(one.row().generation()).isEqualTo(claim.generation());
      worker.held.add(new Held(key, one, claim));
    }
  }

  /** A node turns to WeChat about some of what it holds, its leases over or not. */
  private void workOff(Worker worker) {
    Map<String, Held> some = new LinkedHashMap<>();
    for (Held held : worker.held) {
      if (some.isEmpty() || random.nextBoolean()) {
        some.putIfAbsent(held.key(), held);
      }
    }
    worker.held.removeAll(some.values());
    Map<String, Mood> moods = new LinkedHashMap<>();
    some.keySet().forEach(key -> moods.put(key, anyMood()));
    given.add(worker.letter + " works off " + moods);
    List<Turn> turns = new ArrayList<>();
    some.forEach(
        (key, held) -> {
          weChat.next(key, moods.get(key), some.size() == 1 ? meanwhile(worker, key) : none());
          turns.add(
              worker.node.calls().take(held.claimed(), settings.lease().startingNow(Urgency.SYNC)));
          assertThat(weChat.wasCalled(key))
              .as("WeChat is called about %s", key)
              .isEqualTo(held.claim().calls());
        });
    worker.node.writer().writeAll(turns);
    some.forEach((key, held) -> recorded(key, held.claim(), moods.get(key)));
  }

  private void recorded(String key, Claim claim, Mood mood) {
    if (claim.calls()) {
      models.get(key).recorded(claim, mood.ending(), weChat.report(key), now());
    } else {
      models.get(key).putOff(claim, now());
    }
  }

  /** What others do between WeChat's answer and its being recorded. */
  private Runnable meanwhile(Worker worker, String key) {
    Worker other = workers.get(worker == workers.getFirst() ? 1 : 0);
    return switch (random.nextInt(6)) {
      case 0 ->
          () -> {
            leaseEnds(key);
            sync(other, key, Mood.SOUND);
          };
      case 1 ->
          () -> {
            leaseEnds(key);
            claimDue(other, models.size());
          };
      case 2 -> () -> withdraw(other, key);
      default -> none();
    };
  }

  private static Runnable none() {
    return () -> {};
  }

  private void leaseEnds(String key) {
    given.add("the lease on " + key + " ends");
    if (models.get(key).isLeased()) {
      rows.endLease(key(key));
      models.get(key).leaseEnded();
    }
  }

  /** A node is killed and started again, or stops as it should. */
  private void ends(Worker worker) {
    worker.held.clear();
    if (random.nextBoolean()) {
      given.add(worker.letter + " gives back what it holds");
      working.transaction(connection -> LedgerClaims.giveBack(connection, worker.name()));
      models.values().stream()
          .filter(model -> worker.name().equals(model.holder))
          .forEach(OrderModel::leaseEnded);
    } else {
      given.add(worker.letter + " is killed and started again");
      worker.node = start.get();
    }
  }

  private void withdraw(Worker worker, String key) {
    given.add(worker.letter + " is told to withdraw " + key);
    OrderModel model = models.get(key);
    String expected = model.state == null ? "404" : model.withdrawn() ? "WITHDRAWN" : "409";

    String answer =
        said(() -> worker.node.applications().withdraw(key(key), "test", null).state().name());

    assertThat(answer).isEqualTo(expected);
  }

  /** Somebody does not want to wait until it is due. */
  private void sync(Worker worker, String key, Mood mood) {
    given.add("%s is told to sync %s, WeChat is %s".formatted(worker.letter, key, mood));
    OrderModel model = models.get(key);
    boolean parked =
        model.isUnfinished() && merchant(key).isParked(OrderModel.api(model.state), now());
    boolean claims = model.isUnfinished() && !parked && !model.isLeased();
    Claim claim = claims ? model.claimed(worker.name() + "/api", false, now()) : null;
    weChat.next(key, mood, none());

    String answer = said(() -> worker.node.applications().sync(key(key)).state().name());

    assertThat(weChat.wasCalled(key)).as("WeChat is called").isEqualTo(claims && claim.calls());
    if (claims) {
      recorded(key, claim, mood);
    }
    assertThat(answer).isEqualTo(model.state == null ? "404" : parked ? "429" : model.state.name());
  }

  /** A merchant is lost, or comes back. */
  private void merchantChanges(Worker worker, String appid) {
    MerchantModel merchant = merchants.get(appid);
    merchant.active = !merchant.active;
    AuthorizerStatus status = merchant.active ? AuthorizerStatus.ACTIVE : AuthorizerStatus.REVOKED;
    given.add(worker.letter + " hears that " + appid + " is " + status);
    rows.status(appid, status);
    worker
        .node
        .watch()
        .changed(
            new AuthorizerChanged(
                new AuthorizerId(provider, appid), new AuthorizerStanding(status, true, true)));
    if (merchant.active) {
      models.forEach(
          (key, model) -> {
            if (key.startsWith(appid)) {
              model.mended(now());
            }
          });
    }
  }

  private static String said(Supplier<String> answer) {
    try {
      return answer.get();
    } catch (HttpProblem problem) {
      return Integer.toString(problem.getStatusCode());
    }
  }

  private void check() {
    Map<ApplicationKey, CodeApplication> stored = rows.read(merchants.keySet());
    models.forEach((name, model) -> check(key(name), model, stored.remove(key(name))));
    assertThat(stored).as("orders that nobody placed").isEmpty();
    Map<String, Block> blocks = new HashMap<>();
    merchants.forEach(
        (appid, merchant) ->
            merchant.blocks.forEach((api, block) -> blocks.put(appid + "/" + api, block)));
    assertThat(rows.blocks(merchants.keySet())).as("quotas used up and paused").isEqualTo(blocks);
  }

  private void check(ApplicationKey key, OrderModel model, CodeApplication row) {
    if (model.state == null) {
      assertThat(row).as("%s, never ordered", key).isNull();
      return;
    }
    assertThat(row).as("%s is stored", key).isNotNull();
    Progress progress = row.progress();
    assertThat(
            "%s, %d codes, number %s, generation %d, leased %s, sent %s, attempts %d, blocked %s"
                .formatted(
                    row.state(),
                    row.order().codeCount(),
                    progress.applicationId(),
                    row.generation(),
                    row.leased(),
                    progress.firstSentAt() != null,
                    progress.sync().attempts(),
                    progress.sync().blocked()))
        .as(name(key))
        .isEqualTo(
            "%s, %d codes, number %s, generation %d, leased %s, sent %s, attempts %d, blocked %s"
                .formatted(
                    model.state,
                    model.codeCount,
                    model.applicationId,
                    model.generation,
                    model.isLeased(),
                    model.sent,
                    model.attempts,
                    model.blocked));
    Instant next = progress.sync().nextSyncAt();
    if (model.next == null) {
      assertThat(next).as("%s is over", key).isNull();
      return;
    }
    assertThat(next).as("%s is not over", key).isNotNull();
    assertThat(model.next.has(next))
        .as("%s is due at %s, within %s", key, next, model.next)
        .isTrue();
    pin(key, model);
  }

  /** What production drew at random is drawn again, so that a seed stands for one sequence. */
  private void pin(ApplicationKey key, OrderModel model) {
    if (!model.next.isPoint()) {
      Instant drawn = model.next.at(random.nextDouble());
      rows.pin(key, drawn);
      model.next = Window.exactly(drawn);
    }
  }

  /** When something is due, and whether it is its merchant's first such, its second, and so on. */
  private record Due(int turn, Instant at) {}

  private List<Due> inTurn(List<String> keys) {
    Map<String, Integer> turns = new HashMap<>();
    return keys.stream()
        .sorted(Comparator.comparing(this::dueAt))
        .map(
            key ->
                new Due(
                    turns.merge(key.substring(0, key.indexOf('/')), 1, Integer::sum), dueAt(key)))
        .sorted(Comparator.comparingInt(Due::turn).thenComparing(Due::at))
        .toList();
  }

  private Instant dueAt(String key) {
    return models.get(key).next.from();
  }

  private ApplicationKey key(String name) {
    int slash = name.indexOf('/');
    return new ApplicationKey(
        new AuthorizerId(provider, name.substring(0, slash)), name.substring(slash + 1));
  }

  private static String name(ApplicationKey key) {
    return key.authorizer().authorizerAppid() + "/" + key.isvApplicationId();
  }

  private MerchantModel merchant(String key) {
    return merchants.get(key.substring(0, key.indexOf('/')));
  }

  private Worker anyWorker() {
    return workers.get(random.nextInt(workers.size()));
  }

  private String anyMerchant() {
    return List.copyOf(merchants.keySet()).get(random.nextInt(merchants.size()));
  }

  private String anyOrder() {
    return List.copyOf(models.keySet()).get(random.nextInt(models.size()));
  }

  /** Sound nearly half of the time; the quota is used up often enough to be so on two days. */
  private Mood anyMood() {
    Mood[] moods = Mood.values();
    int drawn = random.nextInt(2 * moods.length + 4);
    return drawn < moods.length ? moods[drawn] : drawn < moods.length + 4 ? Mood.QUOTA : Mood.SOUND;
  }

  private Instant now() {
    return clock.instant();
  }
}
