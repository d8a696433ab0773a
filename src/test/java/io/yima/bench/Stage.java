package io.yima.bench;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything a run needs, set up once: stub, database, merchants, a warm node, contenders. */
final class Stage implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Statistics of tables reach the views at the latest after this. */
  private static final Duration STATISTICS_DELAY = Duration.ofSeconds(11);

  private final BenchSettings settings;
  private final Path directory;
  private final StubProcess stub;
  private final BenchDatabase database;
  private final List<String> options;
  private final Map<Boolean, BenchYima> yima;
  private final Population population;
  private final Map<Contender.Kind, Contender> contenders = new EnumMap<>(Contender.Kind.class);
  private BenchYima.@Nullable Node node;

  Stage(BenchSettings settings, Path directory) throws IOException {
    this.settings = settings;
    this.directory = directory;
    Certificate certificate = Certificate.make(directory);
    stub = StubProcess.start(directory, certificate);
    database = BenchDatabase.start(directory);
    options =
        Stream.concat(settings.javaOptions().stream(), certificate.trusting().stream()).toList();
    BenchYima overTls =
        BenchYima.deploy(
            directory, database.server(), stub.address(true), options, settings.node());
    yima = Map.of(true, overTls, false, overTls.callingAt(stub.address(false)));
    // Its start makes the tables.
    overTls.start(Map.of()).close();
    population = Population.begin(database, overTls.sealer());
  }

  BenchSettings settings() {
    return settings;
  }

  /** For what a scenario writes. */
  Path directory() {
    return directory;
  }

  StubProcess stub() {
    return stub;
  }

  BenchDatabase database() {
    return database;
  }

  Population population() {
    return population;
  }

  BenchYima yima() {
    return yima.get(true);
  }

  /** The node that is measured, warm. */
  BenchYima.Node node() {
    if (node == null) {
      useNode(true);
    }
    return node;
  }

  /** Ends the node that was measured and puts a warm one in its place, over TLS or not. */
  void useNode(boolean tls) {
    closeNode();
    node = yima.get(tls).start(Map.of());
    stub.latency(settings.shortLatency());
    tokens(Math.min(settings.warmUp(), population.merchants()));
  }

  void closeNode() {
    if (node != null) {
      node.close();
      node = null;
    }
  }

  /** The contender, warm; started when it is first asked for. */
  Contender contender(Contender.Kind kind) {
    return contenders.computeIfAbsent(
        kind,
        missing -> {
          Contender contender =
              Contender.start(
                  missing,
                  directory,
                  stub.address(true),
                  options,
                  settings.inFlight(),
                  database.ownersUrl());
          stub.latency(settings.shortLatency());
          contender.refresh(settings.warmUp());
          return contender;
        });
  }

  /** A contender over plain HTTP, warm, for the caller to close. */
  Contender contenderOverHttp(Contender.Kind kind) {
    Contender contender =
        Contender.start(kind, directory, stub.address(false), options, settings.inFlight());
    stub.latency(settings.shortLatency());
    contender.refresh(settings.warmUp());
    return contender;
  }

  /** Ends contenders that take memory and are no longer needed. */
  void closeContenders() {
    contenders.values().forEach(Contender::close);
    contenders.clear();
  }

  /** What arrives at the stub while this contender refreshes. */
  StubFigures race(Contender contender, int merchants) {
    stub.reset();
    contender.refresh(merchants);
    StubFigures figures = stub.figures();
    requireEach(figures, merchants);
    return figures;
  }

  /** What happens while our node refreshes so many tokens that fall due at once. */
  Round tokens(int merchants) {
    return round(
        merchants,
        after -> population.tokensDue(merchants, after),
        () -> stub.figures().merchants() >= merchants && population.tokensLeft() == 0);
  }

  /** Where the node's processor time goes in such a round. */
  Profile profile(int merchants) {
    return Profile.during(node().process().handle(), directory, () -> tokens(merchants));
  }

  /** The same for applications that WeChat is asked about. */
  Round applications(int merchants) {
    return round(
        merchants,
        after -> population.applicationsDue(merchants, after),
        () -> stub.figures().calls() >= merchants && population.applicationsLeft() == 0);
  }

  private Round round(int pieces, Consumer<Duration> due, BooleanSupplier over) {
    BenchYima.Node ours = node();
    stub.reset();
    due.accept(timeToSettle(pieces));
    DatabaseFigures before = DatabaseFigures.read(database);
    long setBackBefore = ours.setBack();
    Cpu nodeBefore = Cpu.of(Stream.of(ours.process().handle()));
    Cpu databaseBefore = Cpu.of(database.processes());
    Cpu stubBefore = Cpu.of(Stream.of(stub.handle()));
    until(over);
    StubFigures figures = stub.figures();
    Cpu nodeAfter = Cpu.of(Stream.of(ours.process().handle()));
    Cpu databaseAfter = Cpu.of(database.processes());
    Cpu stubAfter = Cpu.of(Stream.of(stub.handle()));
    return new Round(
        figures,
        DatabaseFigures.read(database).since(before),
        nodeAfter.microsEach(nodeBefore, figures.calls()),
        databaseAfter.microsEach(databaseBefore, figures.calls()),
        stubAfter.microsEach(stubBefore, figures.calls()),
        ours.setBack() - setBackBefore);
  }

  /** Making rows due and vacuuming takes a while, and nothing may start before that is over. */
  private Duration timeToSettle(int pieces) {
    return Duration.ofSeconds(2 + pieces / 10_000 + population.merchants() / 100_000);
  }

  /** The database's figures once its statistics of tables have come in. */
  DatabaseFigures settledFigures() {
    pause(STATISTICS_DELAY);
    return DatabaseFigures.read(database);
  }

  /** Lets time pass, where passing time is what is measured. */
  static void pause(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static void requireEach(StubFigures figures, int merchants) {
    if (figures.merchants() != merchants) {
      throw new AssertionError("asked for " + merchants + " merchants, arrived: " + figures);
    }
  }

  /** Waits for something that takes its time. */
  static void until(BooleanSupplier condition) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(condition::getAsBoolean);
  }

  @Override
  public void close() throws IOException {
    closeContenders();
    closeNode();
    stub.close();
    database.close();
  }
}
