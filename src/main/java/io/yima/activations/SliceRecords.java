package io.yima.activations;

import io.yima.codes.History;
import io.yima.database.ColumnArrays;
import io.yima.quota.QuotaChanges;
import io.yima.work.LastError;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes what turns about slices came to, many in one statement, each guarded by the generation
 * that its claim was given; the history of those that were still ours, and what all came to for
 * their quotas, follow in the same transaction.
 */
final class SliceRecords {

  /** Rows are locked in one order first, as {@code LedgerRecords} does and for the same reason. */
  private static final String RECORD =
      """
      with ours as materialized (
        select r.*, s.lease_owner is not null as held
        from unnest(
            ?::uuid[], ?::uuid[], ?::integer[], ?::bigint[], ?::text[], ?::timestamptz[],
            ?::timestamptz[], ?::boolean[], ?::timestamptz[], ?::integer[], ?::text[])
          as r(provider_id, activation_id, number, generation, state, sent_at, activated_at,
            blocked, next_attempt_at, attempts, last_error)
          join code_activation_slice s
            on s.provider_id = r.provider_id and s.activation_id = r.activation_id
            and s.number = r.number and s.generation = r.generation
        order by s.provider_id, s.activation_id, s.number
        for no key update of s)
      update code_activation_slice s set
        state = r.state, sent_at = r.sent_at, activated_at = r.activated_at, blocked = r.blocked,
        next_attempt_at = r.next_attempt_at, attempts = r.attempts,
        last_error = r.last_error::jsonb, lease_owner = null, lease_until = null
      from ours r
      where s.provider_id = r.provider_id and s.activation_id = r.activation_id
        and s.number = r.number
      returning s.activation_id, s.number, r.generation, r.held
      """;

  /** Which claim of which slice; activations' ids are nobody else's. */
  private record Claim(UUID activation, int number, long generation) {

    static Claim of(SliceTurn turn) {
      return new Claim(
          turn.before().activation(), turn.after().number(), turn.before().slice().generation());
    }
  }

  private SliceRecords() {}

  /** Gives the turns whose row was still theirs. */
  static Set<SliceTurn> write(Connection connection, List<SliceTurn> turns, String node)
      throws SQLException {
    Map<Claim, Boolean> ours = record(connection, turns);
    List<SliceTurn> written =
        turns.stream().filter(turn -> ours.containsKey(Claim.of(turn))).toList();
    History.append(
        connection,
        written.stream()
            .flatMap(
                turn ->
                    turn.events().stream()
                        .map(event -> new History.Entry(turn.before().application(), event)))
            .toList(),
        node);
    // A call that was not made is given back once, though results may be written once more.
    QuotaChanges.write(
        connection,
        turns.stream()
            .filter(turn -> !turn.unsent() || ours.getOrDefault(Claim.of(turn), false))
            .flatMap(turn -> Stream.ofNullable(turn.quota()))
            .toList());
    return Set.copyOf(written);
  }

  /** The rows that were still ours, and whether their result was not stored before. */
  private static Map<Claim, Boolean> record(Connection connection, List<SliceTurn> turns)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(RECORD)) {
      new ColumnArrays<>(connection, update, turns, 0)
          .add("uuid", turn -> turn.before().application().provider().value())
          .add("uuid", turn -> turn.before().activation())
          .add("integer", turn -> turn.after().number())
          .add("bigint", turn -> turn.before().slice().generation())
          .add("text", turn -> turn.after().state())
          .add("timestamptz", turn -> turn.after().sentAt())
          .add("timestamptz", turn -> turn.after().activatedAt())
          .add("boolean", turn -> turn.after().sync().blocked())
          .add("timestamptz", turn -> turn.after().sync().nextSyncAt())
          .add("integer", turn -> turn.after().sync().attempts())
          .add("text", SliceRecords::lastError);
      Map<Claim, Boolean> ours = new HashMap<>();
      try (ResultSet rows = update.executeQuery()) {
        while (rows.next()) {
          ours.put(
              new Claim(
                  rows.getObject("activation_id", UUID.class),
                  rows.getInt("number"),
                  rows.getLong("generation")),
              rows.getBoolean("held"));
        }
      }
      return ours;
    }
  }

  private static @Nullable Object lastError(SliceTurn turn) {
    LastError error = turn.after().sync().lastError();
    return error == null ? null : error.toJson();
  }
}
