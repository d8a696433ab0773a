package io.yima.packaged;

import com.fasterxml.jackson.databind.JsonNode;
import io.yima.packaged.LeaseJournal.Claim;
import io.yima.packaged.LeaseJournal.Ordered;
import io.yima.packaged.LeaseJournal.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Looks through what WeChat and PostgreSQL recorded of a run for what must never be, at whatever
 * instant the run is looked at.
 */
final class Examination {

  /** The sandbox, PostgreSQL and this test read one clock, but not at one instant. */
  private static final Duration ROUNDING = Duration.ofMillis(5);

  /** In what time a process that goes on has sent what it was about to send. */
  private static final Duration ABOUT_TO_SEND = Duration.ofSeconds(10);

  /** A call for a token as WeChat saw it; one that is open ends in the far future. */
  private record Call(String subject, String node, Instant began, Instant ended, String token) {

    String told() {
      String end = ended.equals(Instant.MAX) ? "now" : ended.toString();
      return subject + " by " + node + " from " + began + " to " + end;
    }
  }

  private final Map<String, FaultyNode> nodes = new HashMap<>();
  private final Duration callTimeout;
  private final List<String> violations = new ArrayList<>();
  private final Map<String, Integer> figures = new TreeMap<>();

  Examination(List<FaultyNode> nodes, Duration callTimeout) {
    nodes.forEach(node -> this.nodes.put(node.name(), node));
    this.callTimeout = callTimeout;
  }

  /** Everything that must not be, each in a line. */
  List<String> violations() {
    return violations;
  }

  /** What was looked at, and what was excused. */
  Map<String, Integer> figures() {
    return figures;
  }

  /**
   * Each call for a token was made under a lease of its caller's, and no two for one merchant were
   * open at once. Two exceptions are the design's, and counted: what a process sends that was
   * stopped between its look at the deadline and the send, and a call that a stopped process could
   * not hang up when its time was over.
   *
   * @param hosts which node calls the sandbox's host so
   */
  void calls(JsonNode history, Map<String, String> hosts, LeaseJournal.Entries journal) {
    Map<String, List<Call>> bySubject = new TreeMap<>();
    for (JsonNode call : history) {
      Call read = call(call, hosts);
      bySubject.computeIfAbsent(read.subject(), _ -> new ArrayList<>()).add(read);
    }
    Map<String, List<Claim>> claims =
        journal.claims().stream().collect(Collectors.groupingBy(Claim::subject));
    bySubject.forEach(
        (subject, calls) -> {
          count("calls for a token", calls.size());
          List<Call> late = late(calls, claims.getOrDefault(subject, List.of()));
          overlaps(calls, late);
        });
  }

  private static Call call(JsonNode call, Map<String, String> hosts) {
    String merchant = call.path("authorizer_appid").asText(LeaseJournal.COMPONENT);
    return new Call(
        call.path("authorizer_appid").isTextual() ? merchant : LeaseJournal.COMPONENT,
        Objects.requireNonNull(hosts.get(call.path("host").asText().replaceFirst(":\\d+$", ""))),
        Instant.parse(call.path("began").asText()),
        call.has("ended") ? Instant.parse(call.path("ended").asText()) : Instant.MAX,
        call.path("token").asText());
  }

  /** Those that were sent after the lease they belong to, by a process that had been stopped. */
  private List<Call> late(List<Call> calls, List<Claim> claims) {
    List<Call> late = new ArrayList<>();
    for (Call call : calls) {
      if (claims.stream().anyMatch(claim -> covers(claim, call))) {
        continue;
      }
      if (wasStopped(call.node(), call.began().minus(ABOUT_TO_SEND), call.began())) {
        late.add(call);
        count("sent late by a process stopped just before the send", 1);
      } else {
        violations.add("a call outside every lease of its caller's: " + call.told());
      }
    }
    return late;
  }

  private static boolean covers(Claim claim, Call call) {
    return claim.node().equals(call.node())
        && !call.began().isBefore(claim.at().minus(ROUNDING))
        && !call.began().isAfter(claim.until().plus(ROUNDING));
  }

  private void overlaps(List<Call> calls, List<Call> late) {
    for (int i = 0; i < calls.size(); i++) {
      Call first = calls.get(i);
      for (Call second : calls.subList(i + 1, calls.size())) {
        if (!second.began().isBefore(first.ended())) {
          continue;
        }
        count("overlapping calls", 1);
        if (late.contains(first) || late.contains(second)) {
          count("overlapping calls of which one was sent late", 1);
        } else if (wasStopped(first.node(), first.began(), second.began())
            && !second.began().isBefore(first.began().plus(callTimeout))) {
          count("overlapping calls of which one was left open by a stopped process", 1);
        } else {
          violations.add("two calls at once: " + first.told() + ", and " + second.told());
        }
      }
    }
  }

  /** Whether it stood still at any time between the two instants. */
  private boolean wasStopped(String node, Instant from, Instant until) {
    return Objects.requireNonNull(nodes.get(node)).pauses().stream()
        .anyMatch(pause -> !pause.from().isAfter(until) && !pause.until().isBefore(from));
  }

  /** Whoever stores a token holds the row: nobody writes over what a successor has written. */
  void writes(LeaseJournal.Entries journal) {
    for (Write write : journal.writes()) {
      count("tokens stored", 1);
      Optional<Claim> claim =
          journal.claims().stream()
              .filter(one -> one.subject().equals(write.subject()))
              .filter(one -> one.generation() == write.generation())
              .findFirst();
      if (claim.map(Claim::node).filter(write.node()::equals).isEmpty()) {
        violations.add(
            "%s stored a token of %s at %s under generation %d, which is %s"
                .formatted(
                    write.node(),
                    write.subject(),
                    write.at(),
                    write.generation(),
                    claim.map(one -> "of " + one.node()).orElse("nobody's")));
      }
    }
  }

  /** Who has seen a merchant's token is never shown an elder one after. */
  void reads(List<Clients.Read> reads, JsonNode history) {
    Map<String, Integer> issued = new HashMap<>();
    int number = 0;
    for (JsonNode call : history) {
      issued.put(call.path("token").asText(), ++number);
    }
    Map<String, List<Clients.Read>> byMerchant =
        reads.stream().collect(Collectors.groupingBy(Clients.Read::merchant));
    byMerchant.values().forEach(all -> neverElder(all, issued));
    count("tokens read", reads.size());
  }

  private void neverElder(List<Clients.Read> reads, Map<String, Integer> issued) {
    List<Clients.Read> asked =
        reads.stream().sorted(Comparator.comparing(Clients.Read::asked)).toList();
    List<Clients.Read> answered =
        reads.stream().sorted(Comparator.comparing(Clients.Read::answered)).toList();
    int newest = 0;
    int next = 0;
    for (Clients.Read read : asked) {
      while (answered.get(next).answered().isBefore(read.asked())) {
        newest = Math.max(newest, issued.getOrDefault(answered.get(next).token(), 0));
        next++;
      }
      if (issued.getOrDefault(read.token(), 0) < newest) {
        violations.add(
            "an elder token of %s was given out at %s than before"
                .formatted(read.merchant(), read.answered()));
      }
    }
  }

  /**
   * Whatever was promised is in the ledger, and so is whatever WeChat has, once and under its
   * number.
   *
   * @param created how many WeChat has counted, read before the next
   * @param atWeChat its applications, read before the next
   */
  void orders(
      Map<String, String> promised,
      int created,
      List<Map<String, Object>> atWeChat,
      List<Ordered> ledger) {
    count("orders promised", promised.size());
    count("orders at WeChat", atWeChat.size());
    Map<String, Ordered> byId = new HashMap<>();
    for (Ordered row : ledger) {
      if (byId.put(row.id(), row) != null) {
        violations.add("twice in the ledger: " + row);
      }
    }
    promised.forEach(
        (id, merchant) -> {
          if (!byId.containsKey(id) || !byId.get(id).merchant().equals(merchant)) {
            violations.add("promised and not in the ledger: " + id + " of " + merchant);
          }
        });
    Set<Object> ids =
        atWeChat.stream()
            .map(application -> application.get("isv_application_id"))
            .collect(Collectors.toSet());
    if (ids.size() != atWeChat.size() || created > ids.size()) {
      violations.add(
          "%d applications at WeChat for %d ids, %d created"
              .formatted(atWeChat.size(), ids.size(), created));
    }
    for (Map<String, Object> application : atWeChat) {
      Ordered row = byId.get(String.valueOf(application.get("isv_application_id")));
      long number = ((Number) application.get("application_id")).longValue();
      if (row == null || !row.merchant().equals(application.get("authorizer_appid"))) {
        violations.add("at WeChat and not in the ledger: " + application);
      } else if (row.applicationId() != 0 && row.applicationId() != number) {
        violations.add("under another number at WeChat (" + number + "): " + row);
      }
    }
  }

  private void count(String what, int more) {
    figures.merge(what, more, Integer::sum);
  }
}
