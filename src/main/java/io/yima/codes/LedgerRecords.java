package io.yima.codes;

import io.yima.database.ColumnArrays;
import io.yima.quota.QuotaChange;
import io.yima.quota.QuotaChanges;
import io.yima.work.LastError;
import jakarta.enterprise.event.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes what turns came to, many in one statement, each guarded by the generation that its claim
 * was given; the history of those that were still ours, and what all came to for their quotas,
 * follow in the same transaction.
 */
final class LedgerRecords {

  /**
   * Rows are locked in one order first: a join updates them in whichever order its plan comes by
   * them, and two nodes with some of the same, one of them late, could wait for each other. A row
   * whose lease was given back already has been recorded.
   */
  private static final String RECORD =
      """
      with ours as materialized (
        select r.*, a.lease_owner is not null as held
        from unnest(
            ?::uuid[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::bigint[], ?::text[],
            ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[],
            ?::timestamptz[], ?::boolean[], ?::timestamptz[], ?::integer[], ?::text[])
          as r(provider_id, authorizer_appid, isv_application_id, generation, state,
            application_id, status, code_generate_list, create_time, update_time, first_sent_at,
            submitted_at, finished_at, progressed_at, blocked, next_sync_at, attempts, last_error)
          join code_application a
            on a.provider_id = r.provider_id and a.authorizer_appid = r.authorizer_appid
            and a.isv_application_id = r.isv_application_id and a.generation = r.generation
        order by a.provider_id, a.authorizer_appid, a.isv_application_id
        for no key update of a)
      update code_application a set
        state = r.state, application_id = r.application_id, status = r.status,
        code_generate_list = r.code_generate_list::jsonb, create_time = r.create_time,
        update_time = r.update_time, first_sent_at = r.first_sent_at,
        submitted_at = r.submitted_at, finished_at = r.finished_at,
        progressed_at = r.progressed_at, blocked = r.blocked, next_sync_at = r.next_sync_at,
        attempts = r.attempts, last_error = r.last_error::jsonb, lease_owner = null,
        lease_until = null
      from ours r
      where a.provider_id = r.provider_id and a.authorizer_appid = r.authorizer_appid
        and a.isv_application_id = r.isv_application_id
      returning a.provider_id, a.authorizer_appid, a.isv_application_id, r.generation, r.held
      """;

  /** Which claim: a late turn of this node may come together with one of the claim after it. */
  private record Claim(ApplicationKey key, long generation) {
    static Claim of(Turn turn) {
      return new Claim(turn.key(), turn.before().generation());
    }
  }

  private LedgerRecords() {}

  /**
   * Gives the turns whose row was still theirs.
   *
   * @param finished told of the applications that are finished now
   */
  static Set<Turn> write(
      Connection connection, List<Turn> turns, String node, Event<ApplicationsFinished> finished)
      throws SQLException {
    Map<Claim, Boolean> ours = record(connection, turns);
    List<Turn> written = turns.stream().filter(turn -> ours.containsKey(Claim.of(turn))).toList();
    History.append(
        connection,
        written.stream()
            .flatMap(
                turn -> turn.events().stream().map(event -> new History.Entry(turn.key(), event)))
            .toList(),
        node);
    tell(connection, written, finished);
    QuotaChanges.write(connection, changes(turns, ours));
    return Set.copyOf(written);
  }

  private static void tell(
      Connection connection, List<Turn> written, Event<ApplicationsFinished> finished) {
    List<CodeApplication> applications =
        written.stream()
            .map(Turn::application)
            .filter(application -> application.progress().finishedAt() != null)
            .toList();
    if (!applications.isEmpty()) {
      finished.fire(new ApplicationsFinished(connection, applications));
    }
  }

  /**
   * What WeChat said of a quota holds whoever the row is by now. A call that was not made is given
   * back once: after a commit whose answer was lost everything is written once more.
   */
  private static List<QuotaChange> changes(List<Turn> turns, Map<Claim, Boolean> held) {
    return turns.stream()
        .filter(turn -> !turn.unsent() || held.getOrDefault(Claim.of(turn), false))
        .flatMap(turn -> Stream.ofNullable(turn.quota()))
        .toList();
  }

  /** The rows that were still ours, and whether their result was not stored before. */
  private static Map<Claim, Boolean> record(Connection connection, List<Turn> turns)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(RECORD)) {
      bind(new ColumnArrays<>(connection, update, turns, 0));
      Map<Claim, Boolean> ours = new HashMap<>();
      try (ResultSet rows = update.executeQuery()) {
        while (rows.next()) {
          ours.put(
              new Claim(ApplicationKey.read(rows), rows.getLong("generation")),
              rows.getBoolean("held"));
        }
      }
      return ours;
    }
  }

  private static void bind(ColumnArrays<Turn> columns) throws SQLException {
    columns
        .add("uuid", turn -> turn.key().provider().value())
        .add("text", turn -> turn.key().authorizer().authorizerAppid())
        .add("text", turn -> turn.key().isvApplicationId())
        .add("bigint", turn -> turn.before().generation())
        .add("text", turn -> turn.after().state())
        .add("bigint", turn -> turn.after().applicationId())
        .add("text", turn -> turn.after().reported().status())
        .add("text", turn -> ReadyRanges.json(turn.after().reported().ranges()))
        .add("text", turn -> turn.after().reported().createTime())
        .add("text", turn -> turn.after().reported().updateTime())
        .add("timestamptz", turn -> turn.after().firstSentAt())
        .add("timestamptz", turn -> turn.after().submittedAt())
        .add("timestamptz", turn -> turn.after().finishedAt())
        .add("timestamptz", turn -> turn.after().progressedAt())
        .add("boolean", turn -> turn.after().sync().blocked())
        .add("timestamptz", turn -> turn.after().sync().nextSyncAt())
        .add("integer", turn -> turn.after().sync().attempts())
        .add("text", LedgerRecords::lastError);
  }

  private static @Nullable Object lastError(Turn turn) {
    LastError error = turn.after().sync().lastError();
    return error == null ? null : error.toJson();
  }
}
