package io.yima.callback;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Pushes that went wrong at random, each the same in every run with the same seed: some before they
 * were signed, some after. Knows of each what has to be answered.
 */
final class PushFuzz {

  private static final int CONNECTIONS = 8;
  private static final String MERCHANT = "wx2222222222222222";
  private static final List<String> KINDS =
      List.of(
          PushKind.TICKET, PushKind.AUTHORIZED, PushKind.UPDATED, PushKind.WITHDRAWN, "notify_new");

  /** What inner XML is made worse with. */
  private static final List<String> SHARDS =
      List.of(
          "<",
          ">",
          "</xml>",
          "<xml>",
          "&",
          "&lt;",
          "&#0;",
          "&#xD800;",
          "&#x10FFFF;",
          "]]>",
          "<![CDATA[",
          "<!--",
          "-->",
          "<?x?>",
          "<!DOCTYPE xml>",
          "<!DOCTYPE xml [<!ENTITY a 'b'>]>",
          "&a;",
          "\0",
          "\uFEFF",
          "\uFFFF",
          "码",
          "\uD83D\uDE00",
          "-",
          "9",
          "99999999999",
          "<InfoType>unauthorized</InfoType>",
          "<InfoType>message</InfoType>",
          "<AppId>wx1</AppId>",
          "<AuthorizerAppid>wx3333333333333333</AuthorizerAppid>",
          "<CreateTime>9223372036854775807</CreateTime>",
          "<a>".repeat(20),
          " a='b'".repeat(300),
          "x".repeat(3_000));

  private final Forge forge;
  private final Function<String, Door> doors;
  private final long seed;
  private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();

  PushFuzz(Forge forge, Function<String, Door> doors, long seed) {
    this.forge = forge;
    this.doors = doors;
    this.seed = seed;
  }

  /**
   * @param text what was signed, and so may be stored
   * @param signed whether it was signed as it is sent; what was changed after may be refused
   */
  private record Attempt(
      String path, String query, byte[] body, Optional<String> text, boolean signed) {}

  /** Sends these pushes over several connections; returns fingerprints of what was taken. */
  Set<String> run(int from, int to) throws Exception {
    Set<String> taken = ConcurrentHashMap.newKeySet();
    try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < CONNECTIONS; thread++) {
        int first = from + thread;
        running.add(
            threads.submit(
                () -> {
                  for (int number = first; number < to; number += CONNECTIONS) {
                    knock(number).ifPresent(taken::add);
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    return Set.copyOf(taken);
  }

  /** How often what was answered. */
  Map<String, Long> answers() {
    Map<String, Long> sums = new TreeMap<>();
    answers.forEach((answer, times) -> sums.put(answer, times.sum()));
    return sums;
  }

  private Optional<String> knock(int number) {
    Attempt attempt = attempt(new SplittableRandom(seed + number));
    String answer = doors.apply(attempt.path()).send(attempt.query(), attempt.body());
    answers.computeIfAbsent(answer, _ -> new LongAdder()).increment();
    boolean taken = answer.equals("200 success");
    boolean right =
        taken
            ? attempt.text().isPresent()
            : Set.of("403 refused", "404 unknown").contains(answer)
                && !(attempt.signed() && attempt.text().isPresent());
    if (!right) {
      throw new AssertionError(
          "seed %d, number %d: %s was answered %s".formatted(seed, number, attempt.text(), answer));
    }
    return taken ? attempt.text().map(text -> fingerprint(text, attempt.path())) : Optional.empty();
  }

  private Attempt attempt(SplittableRandom random) {
    boolean events = random.nextInt(4) > 0;
    String path = "/wechat/" + forge.app().appid() + (events ? "/events" : "/messages/" + MERCHANT);
    String xml = events ? event(random) : message(random);
    return switch (random.nextInt(5)) {
      case 0 -> signed(path, forge.push(xml));
      case 1, 2 -> signed(path, inside(random, xml));
      case 3 -> signed(path, around(random, xml));
      default -> afterwards(random, path, forge.push(xml), xml);
    };
  }

  private Attempt signed(String path, Push push) {
    String body = push.body();
    String encrypt =
        body.substring(body.lastIndexOf("<![CDATA[") + 9, body.lastIndexOf("]]></Encrypt>"));
    Optional<String> text =
        forge.read(encrypt).filter(it -> received(it, path).isFor(forge.app().appid()));
    return new Attempt(path, push.query(), bytes(body), text, true);
  }

  private String event(SplittableRandom random) {
    String more =
        "<AuthorizerAppid><![CDATA[wx%016d]]></AuthorizerAppid>".formatted(random.nextInt(50))
            + "<AuthorizationCode>code%d</AuthorizationCode>".formatted(random.nextInt(50))
            + "<ComponentVerifyTicket>ticket@@@%d</ComponentVerifyTicket>"
                .formatted(random.nextInt(50));
    return Push.event(
        forge.app(), KINDS.get(random.nextInt(KINDS.size())), random.nextInt(1_000), more);
  }

  private static String message(SplittableRandom random) {
    return "<xml><ToUserName>gh_1</ToUserName><CreateTime>%d</CreateTime><MsgType>text</MsgType>"
            .formatted(random.nextInt(1_000))
        + "<Content><![CDATA[你好 %d]]></Content></xml>".formatted(random.nextInt(1_000));
  }

  /** Another text, rightly sealed and signed. */
  private Push inside(SplittableRandom random, String xml) {
    byte[] text = bytes(xml);
    for (int turn = random.nextInt(1, 4); turn > 0; turn--) {
      int at = random.nextInt(text.length + 1);
      text =
          switch (random.nextInt(4)) {
            case 0 -> spliced(text, at, at, bytes(SHARDS.get(random.nextInt(SHARDS.size()))));
            case 1 ->
                spliced(text, at, Math.min(text.length, at + random.nextInt(20)), new byte[0]);
            case 2 -> spliced(text, at, at, new byte[] {(byte) random.nextInt()});
            default ->
                spliced(
                    text, at, Math.min(text.length, at + 1), new byte[] {(byte) random.nextInt()});
          };
    }
    return sealed(Forge.padded(forge.plain(text)));
  }

  /** Another pad, length, owner or ciphertext, rightly signed. */
  private Push around(SplittableRandom random, String xml) {
    byte[] message = bytes(xml);
    byte[] plain = forge.plain(message);
    return switch (random.nextInt(7)) {
      case 0 -> sealed(Forge.padded(plain, random.nextInt(256)));
      case 1 ->
          sealed(
              Forge.padded(
                  forge.plain(
                      message,
                      random.nextBoolean()
                          ? random.nextInt()
                          : message.length + random.nextInt(-40, 41),
                      forge.app().appid())));
      case 2 ->
          sealed(
              Forge.padded(
                  forge.plain(
                      message,
                      message.length,
                      forge.app().appid().substring(random.nextInt(3))
                          + "x".repeat(random.nextInt(2)))));
      case 3 -> sealed(flipped(random, Forge.padded(plain)));
      case 4 -> {
        byte[] cipherText = Base64.getDecoder().decode(forge.sealed(Forge.padded(plain)));
        yield forge.signed(Base64.getEncoder().encodeToString(flipped(random, cipherText)));
      }
      case 5 -> {
        String encrypt = forge.sealed(Forge.padded(plain));
        yield forge.signed(encrypt.substring(0, random.nextInt(1, encrypt.length())));
      }
      default ->
          forge.signed(
              forge.sealed(Forge.padded(plain)),
              Long.toString(random.nextLong()),
              Integer.toHexString(random.nextInt()));
    };
  }

  /** Something changed on the way; nobody signed that. */
  private Attempt afterwards(SplittableRandom random, String path, Push push, String xml) {
    String query = push.query();
    byte[] body = bytes(push.body());
    String target = path;
    switch (random.nextInt(8)) {
      case 0 -> body = flipped(random, body);
      case 1 -> {
        int at = random.nextInt(body.length);
        body = spliced(body, at, Math.min(body.length, at + random.nextInt(1, 50)), new byte[0]);
      }
      case 2 -> {
        int at = random.nextInt(body.length);
        body = spliced(body, at, at, bytes(SHARDS.get(random.nextInt(SHARDS.size()))));
      }
      case 3 -> body = java.util.Arrays.copyOf(body, random.nextInt(body.length));
      case 4 -> {
        int at = random.nextInt(query.length());
        query = query.substring(0, at) + "%" + hex(random) + query.substring(at);
      }
      case 5 -> {
        int at = random.nextInt(query.length());
        query = query.substring(0, at) + query.substring(at + 1);
      }
      case 6 -> query = "timestamp=" + random.nextInt(10) + "&" + query;
      default ->
          target = path.replace(forge.app().appid(), "wx%016x".formatted(random.nextLong() >>> 1));
    }
    return new Attempt(target, query, body, Optional.of(xml), false);
  }

  private Push sealed(byte[] padded) {
    return forge.signed(forge.sealed(padded));
  }

  private static String hex(SplittableRandom random) {
    return HexFormat.of().toHexDigits((byte) random.nextInt());
  }

  private static byte[] flipped(SplittableRandom random, byte[] bytes) {
    byte[] flipped = bytes.clone();
    for (int turn = random.nextInt(1, 4); turn > 0; turn--) {
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] instead) {
    byte[] spliced = new byte[bytes.length - (to - from) + instead.length];
    System.arraycopy(bytes, 0, spliced, 0, from);
    System.arraycopy(instead, 0, spliced, from, instead.length);
    System.arraycopy(bytes, to, spliced, from + instead.length, bytes.length - to);
    return spliced;
  }

  private static ReceivedPush received(String text, String path) {
    return ReceivedPush.of(text, path.endsWith("/events") ? null : MERCHANT);
  }

  /** As it stands in the inbox. */
  private static String fingerprint(String text, String path) {
    ReceivedPush push = received(text, path);
    String signed =
        (push.kind().equals(PushKind.MESSAGE) ? "messages\n" : "") + push.xml().reveal();
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(signed)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
