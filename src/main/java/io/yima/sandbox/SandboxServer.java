package io.yima.sandbox;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A running sandbox, on the loopback address only. It speaks HTTP and is steered over HTTP; a test
 * that runs it in its own process needs only its address.
 */
public final class SandboxServer implements AutoCloseable {

  private static final String HOST = "127.0.0.1";
  private static final int LONGEST_ADDRESS = 64 << 10;

  private final Vertx vertx;
  private final Background background;
  private final PushSender sender;
  private final Counters counters;
  private final FrontDoor door;
  private final Store store;
  private final EventPusher events;
  private final TicketPusher tickets;
  private int port;

  private SandboxServer(SandboxOptions options) {
    this.store =
        new Store(
            options.clock(),
            options.stateFile() == null ? null : new StateFile(options.stateFile()));
    // A Vert.x of its own, so that it works alike inside Yima, in a test and alone.
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(2)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    this.background = new Background(vertx);
    this.counters = new Counters(options.clock());
    Oddness oddness = new Oddness(store);
    this.sender = new PushSender(store, counters, oddness);
    this.events = new EventPusher(store, sender, background);
    this.tickets = new TicketPusher(store, sender, background);
    Faults faults = new Faults(counters);
    CustomerMessages messages = new CustomerMessages(store);
    this.door =
        new FrontDoor(
            store,
            new FrontDoor.Rooms(
                new WeChatApi(
                    new ComponentApi(store, counters),
                    new AuthorizerApi(store, counters, oddness),
                    new MarketcodeApi(store, counters, oddness),
                    new ActivationApi(store),
                    new QuotaApi(store),
                    messages,
                    oddness),
                new AuthorizationPage(store, events),
                new ControlApi(
                    store,
                    new ControlTenants(store, events, tickets, background),
                    new ControlCodes(store),
                    new ReleaseCheck(store, sender, events, tickets, messages),
                    tickets,
                    faults,
                    counters)),
            faults,
            counters,
            oddness,
            background);
  }

  /** Begins to push; only now, because holding the port is what makes the state file ours. */
  private void beginPushing() {
    background.every(Duration.ofMillis(200), tickets::tick);
    background.run(events::wakeAll);
  }

  /** Starts a sandbox and returns when it listens; throws {@link IllegalStateException} if not. */
  public static SandboxServer start(SandboxOptions options) {
    SandboxServer server = new SandboxServer(options);
    try {
      server.listen(options.port());
      server.beginPushing();
      return server;
    } catch (IllegalStateException e) {
      server.close();
      throw e;
    }
  }

  private void listen(int wanted) {
    HttpServer http =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(HOST)
                    .setPort(wanted)
                    // Tokens stand in addresses, and may be long.
                    .setMaxInitialLineLength(LONGEST_ADDRESS)
                    // A fault of one call must not end others on a shared connection.
                    .setHttp2ClearTextEnabled(false))
            .requestHandler(this::receive);
    port =
        await(http.listen(), "listen on port " + wanted + "; set YIMA_SANDBOX_PORT").actualPort();
  }

  /** Where it listens, without a slash at the end. */
  public String baseUrl() {
    return "http://" + HOST + ":" + port;
  }

  private void receive(HttpServerRequest request) {
    Context context = vertx.getOrCreateContext();
    var _ = request.body().onComplete(body -> serve(context, request, body));
  }

  private void serve(Context context, HttpServerRequest request, AsyncResult<Buffer> body) {
    if (body.failed()) {
      return;
    }
    Incoming in = incoming(request, body.result().toString());
    Runnable ending = in.path().startsWith(ControlApi.PREFIX) ? () -> {} : counters.begin(in);
    request.response().closeHandler(v -> ending.run());
    Responder responder = new Responder(context, request, ending);
    background.run(() -> door.serve(in, responder));
  }

  private static Incoming incoming(HttpServerRequest request, String body) {
    Map<String, String> query = new LinkedHashMap<>();
    request.params().forEach(query::putIfAbsent);
    Map<String, String> headers = new LinkedHashMap<>();
    request
        .headers()
        .forEach((name, value) -> headers.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
    return new Incoming(request.method().name(), request.path(), query, headers, body);
  }

  /** Stops it and frees its port; what was answered is in the state file. */
  @Override
  public void close() {
    background.closing();
    await(vertx.close(), "close");
    store.close();
    background.close();
    sender.close();
  }

  private static <T> T await(Future<T> future, String what) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The sandbox was interrupted: " + what, e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("The sandbox cannot " + what, e);
    }
  }
}
