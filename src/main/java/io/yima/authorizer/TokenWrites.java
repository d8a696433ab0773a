package io.yima.authorizer;

import io.quarkus.runtime.StartupEvent;
import io.yima.database.Columns;
import io.yima.database.WorkerDatabase;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.work.BatchRecorder;
import io.yima.work.WorkFigures;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes back what became of claimed tokens, many in one statement. */
@ApplicationScoped
class TokenWrites {

  /** The generation says whose the row is; sorted by key, so that two batches do not deadlock. */
  private static final String RECORD =
      """
      update authorizer_token t set
        access_token = v.access_token,
        access_token_expires_at = v.expires_at,
        refreshed_at = v.refreshed_at,
        next_refresh_at = v.next_refresh_at,
        refresh_token = v.refresh_token,
        previous_refresh_token = v.previous,
        candidate_refresh_token = case
          when t.candidate_refresh_token is not distinct from v.claimed_candidate
          then v.candidate else t.candidate_refresh_token end,
        candidate_asked_at = case
          when t.candidate_refresh_token is not distinct from v.claimed_candidate
          then v.candidate_asked_at else t.candidate_asked_at end,
        search_offset = v.search_offset,
        attempts = v.attempts,
        last_error = v.last_error::jsonb,
        in_use = coalesce(t.last_used_at > ? - interval '1 hour', false),
        lease_owner = null,
        lease_until = case when v.keeps_lease then t.lease_until end
      from unnest(?::uuid[], ?::text[], ?::bigint[], ?::bytea[], ?::timestamptz[],
          ?::timestamptz[], ?::timestamptz[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[],
          ?::timestamptz[], ?::int[], ?::int[], ?::text[], ?::boolean[])
        as v(provider_id, authorizer_appid, generation, access_token, expires_at,
          refreshed_at, next_refresh_at, refresh_token, previous, claimed_candidate, candidate,
          candidate_asked_at, search_offset, attempts, last_error, keeps_lease)
      where t.provider_id = v.provider_id and t.authorizer_appid = v.authorizer_appid
        and t.generation = v.generation
      returning t.provider_id, t.authorizer_appid, t.generation
      """;

  private static final String KEEP_CANDIDATE =
      """
      update authorizer_token set candidate_refresh_token = ?, candidate_asked_at = ?
      where provider_id = ? and authorizer_appid = ?
        and (candidate_refresh_token is null or candidate_asked_at is null
          or candidate_asked_at <= ?)
      """;

  private static final Comparator<TokenWrite> BY_KEY =
      Comparator.<TokenWrite, UUID>comparing(write -> write.id().provider().value())
          .thenComparing(write -> write.id().authorizerAppid());

  private record Key(AuthorizerId id, long generation) {
    static Key of(TokenWrite write) {
      return new Key(write.id(), write.generation());
    }
  }

  private final WorkerDatabase database;
  private final TokenSeals seals;
  private final Clock clock;
  private final BatchRecorder<TokenWrite> recorder;

  TokenWrites(WorkerDatabase database, TokenSeals seals, WorkFigures figures, Clock clock) {
    this.database = database;
    this.seals = seals;
    this.clock = clock;
    this.recorder = new BatchRecorder<>(TokenKeeper.KIND, figures, this::writeAll);
  }

  void start(@Observes StartupEvent started) {
    recorder.start();
  }

  @PreDestroy
  void stop() {
    recorder.stop();
  }

  /** Whether the row was still ours. */
  boolean write(TokenWrite write) {
    return recorder.record(write);
  }

  /**
   * Keeps a refresh token that came too late to be written: should the stored one turn out dead,
   * this may be its successor. Of two such the newer one stays: a call that was sent before another
   * cannot have used what the other brought, so that the one sent last brought the newest.
   *
   * @param askedAt when the call that brought it was sent
   */
  void keepCandidate(AuthorizerId id, Secret refreshToken, Instant askedAt) {
    database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(KEEP_CANDIDATE)) {
            update.setBytes(1, seals.sealRefresh(id, refreshToken));
            update.setObject(2, Columns.of(askedAt));
            update.setObject(3, id.provider().value());
            update.setString(4, id.authorizerAppid());
            update.setObject(5, Columns.of(askedAt));
            return update.executeUpdate();
          }
        });
  }

  private Set<TokenWrite> writeAll(List<TokenWrite> writes) {
    List<TokenWrite> sorted = writes.stream().sorted(BY_KEY).toList();
    Instant now = clock.instant();
    Set<Key> written = database.transaction(connection -> writeAll(connection, sorted, now));
    return writes.stream()
        .filter(write -> written.contains(Key.of(write)))
        .collect(Collectors.toSet());
  }

  /** A merchant that was given up works again with its token, or not at all. */
  private static Set<Key> writeAll(Connection connection, List<TokenWrite> writes, Instant now)
      throws SQLException {
    List<TokenWrite> reviving = writes.stream().filter(TokenWrite::revives).toList();
    AuthorizerRows.lock(connection, reviving.stream().map(TokenWrite::id).toList());
    Set<Key> written = record(connection, writes, now);
    AuthorizerRows.worksAgain(
        connection,
        reviving.stream()
            .filter(write -> written.contains(Key.of(write)))
            .map(TokenWrite::id)
            .toList());
    return written;
  }

  private static Set<Key> record(Connection connection, List<TokenWrite> writes, Instant now)
      throws SQLException {
    Arrays of = new Arrays(connection, writes);
    try (PreparedStatement update = connection.prepareStatement(RECORD)) {
      update.setObject(1, Columns.of(now));
      update.setArray(2, of.column("uuid", write -> write.id().provider().value()));
      update.setArray(3, of.column("text", write -> write.id().authorizerAppid()));
      update.setArray(4, of.column("bigint", TokenWrite::generation));
      update.setArray(5, of.bytes(TokenWrite::accessToken));
      update.setArray(6, of.column("timestamptz", write -> Columns.of(write.expiresAt())));
      update.setArray(7, of.column("timestamptz", write -> Columns.of(write.refreshedAt())));
      update.setArray(8, of.column("timestamptz", write -> Columns.of(write.nextRefreshAt())));
      update.setArray(9, of.bytes(TokenWrite::refreshToken));
      update.setArray(10, of.bytes(TokenWrite::previous));
      update.setArray(11, of.bytes(TokenWrite::claimedCandidate));
      update.setArray(12, of.bytes(TokenWrite::candidate));
      update.setArray(13, of.column("timestamptz", write -> Columns.of(write.candidateAskedAt())));
      update.setArray(14, of.column("int", TokenWrite::searchOffset));
      update.setArray(15, of.column("int", TokenWrite::attempts));
      update.setArray(16, of.column("text", TokenWrite::lastError));
      update.setArray(17, of.column("boolean", TokenWrite::keepsLease));
      return keys(update);
    }
  }

  private static Set<Key> keys(PreparedStatement update) throws SQLException {
    Set<Key> keys = new HashSet<>();
    try (ResultSet rows = update.executeQuery()) {
      while (rows.next()) {
        ProviderId provider = new ProviderId(rows.getObject("provider_id", UUID.class));
        AuthorizerId id = new AuthorizerId(provider, rows.getString("authorizer_appid"));
        keys.add(new Key(id, rows.getLong("generation")));
      }
    }
    return keys;
  }

  /** Turns the writes into columns. */
  private record Arrays(Connection connection, List<TokenWrite> writes) {

    java.sql.Array column(String type, Function<TokenWrite, @Nullable Object> value)
        throws SQLException {
      return connection.createArrayOf(type, writes.stream().map(value).toArray());
    }

    java.sql.Array bytes(Function<TokenWrite, byte @Nullable []> value) throws SQLException {
      return connection.createArrayOf("bytea", writes.stream().map(value).toArray(byte[][]::new));
    }
  }
}
