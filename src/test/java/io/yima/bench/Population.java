package io.yima.bench;

import io.yima.database.Ids;
import io.yima.secrets.Sealer;
import io.yima.secrets.Secret;
import io.yima.secrets.SecretPlace;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import java.util.function.IntFunction;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * One provider and its merchants, numbered from 0, put straight into the database as production
 * would have them: secrets sealed with the node's own keyset, nothing due.
 */
final class Population {

  private static final String PROVIDER =
      """
      insert into provider (id, component_appid, name, status, created_at, version)
      values (?, ?, 'Benchmark', 'ACTIVE', now(), 0)
      """;

  private static final String COMPONENT =
      """
      insert into component (
        provider_id, component_appsecret, message_token, encoding_aes_key, verify_ticket,
        verify_ticket_create_time, verify_ticket_received_at, access_token,
        access_token_expires_at, refreshed_at, next_refresh_at)
      values (?, ?, ?, ?, ?, 1, now(), ?, now() + interval '2 hours', now(),
        now() + interval '96 minutes')
      """;

  private static final String AUTHORIZERS =
      """
      copy authorizer (provider_id, authorizer_appid, status, nick_name, service_type, mini_program,
        permission_sets, authorized_at, version)
      from stdin
      """;

  private static final String TOKENS =
      """
      copy authorizer_token (provider_id, authorizer_appid, access_token, access_token_expires_at,
        refresh_token, refreshed_at, next_refresh_at, bucket)
      from stdin
      """;

  private static final String APPLICATIONS =
      """
      copy code_application (provider_id, authorizer_appid, isv_application_id, code_count, state,
        application_id, status, requested_by, requested_at, submitted_at, progressed_at,
        next_sync_at, bucket)
      from stdin
      """;

  /** Far enough away that no run reaches it by itself. */
  private static final String LATER = "2100-01-01 00:00:00+00";

  private static final String EARLIER = "2026-01-01 00:00:00+00";

  private static final String DUE =
      """
      update authorizer_token
      set next_refresh_at = now() + make_interval(secs => %s) + random() * interval '0.1 seconds'
      where authorizer_appid < '%s'
      """;

  private final BenchDatabase database;
  private final Sealer sealer;
  private final UUID provider = Ids.next();
  private int merchants;
  private int applications;

  private Population(BenchDatabase database, Sealer sealer) {
    this.database = database;
    this.sealer = sealer;
  }

  /** The tables must be there: a node has to have been started once. */
  static Population begin(BenchDatabase database, Sealer sealer) {
    Population population = new Population(database, sealer);
    database.with(population::insertProvider);
    return population;
  }

  int merchants() {
    return merchants;
  }

  /** Adds merchants until there are so many. */
  void growTo(int count) {
    if (count > merchants) {
      copy(AUTHORIZERS, merchants, count, this::authorizer);
      copy(TOKENS, merchants, count, this::token);
      merchants = count;
      settle("authorizer, authorizer_token");
    }
  }

  /** Adds applications until there are so many, submitted and unfinished, one a merchant. */
  void applicationsTo(int count) {
    if (count > applications) {
      copy(APPLICATIONS, applications, count, this::application);
      applications = count;
      settle("code_application");
    }
  }

  /**
   * Lets the tokens of the merchants below a number fall due together after some time, in which the
   * table is vacuumed: what is measured begins on a tidy table.
   */
  void tokensDue(int count, Duration after) {
    database.execute(DUE.formatted(after.toSeconds(), Appids.of(count)));
    settle("authorizer_token");
  }

  /** The same for applications. */
  void applicationsDue(int count, Duration after) {
    database.execute(
        "update code_application set next_sync_at = now() + make_interval(secs => %d)"
                .formatted(after.toSeconds())
            + " where authorizer_appid < '%s'".formatted(Appids.of(count)));
    settle("code_application");
  }

  /** Puts off what is due or soon will be, so that one scenario does not disturb the next. */
  void putOff() {
    database.execute(
        "update authorizer_token set next_refresh_at = '%s' where next_refresh_at <= now()"
            .formatted(LATER));
    database.execute(
        "update code_application set next_sync_at = '%1$s' where next_sync_at < '%1$s'"
            .formatted(LATER));
  }

  /** How many tokens wait to be refreshed, or to be written back. */
  int tokensLeft() {
    return (int)
        database.number("select count(*) from authorizer_token where next_refresh_at <= now()");
  }

  int applicationsLeft() {
    return (int)
        database.number("select count(*) from code_application where next_sync_at <= now()");
  }

  private void settle(String tables) {
    database.execute("vacuum (analyze) " + tables);
    database.execute("checkpoint");
  }

  private int insertProvider(Connection connection) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(PROVIDER)) {
      insert.setObject(1, provider);
      insert.setString(2, RefreshCaller.COMPONENT_APPID);
      insert.executeUpdate();
    }
    try (PreparedStatement insert = connection.prepareStatement(COMPONENT)) {
      insert.setObject(1, provider);
      insert.setBytes(2, seal("component.appsecret", "", "a-secret-of-the-usual-length-32!"));
      insert.setBytes(3, seal("component.message_token", "", "message-token"));
      insert.setBytes(
          4, seal("component.encoding_aes_key", "", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"));
      insert.setBytes(5, seal("component.verify_ticket", "", "ticket@@@benchmark"));
      insert.setBytes(6, seal("component.access_token", "", "74_component-token"));
      return insert.executeUpdate();
    }
  }

  private String authorizer(int merchant) {
    return line(provider, Appids.of(merchant), "ACTIVE", "商家", 2, false, "{1,46}", EARLIER, 0);
  }

  private String token(int merchant) {
    String appid = Appids.of(merchant);
    return line(
        provider,
        appid,
        sealed("authorizer.access_token", appid, "74_access-token-" + appid),
        LATER,
        sealed("authorizer.refresh_token", appid, RefreshCaller.refreshToken(merchant)),
        EARLIER,
        LATER,
        bucket(appid));
  }

  private String application(int merchant) {
    String appid = Appids.of(merchant);
    return line(
        provider,
        appid,
        "batch-" + merchant,
        10_000,
        "SUBMITTED",
        1_000_000 + merchant,
        "INIT",
        "benchmark",
        EARLIER,
        EARLIER,
        LATER,
        LATER,
        bucket(appid));
  }

  private short bucket(String appid) {
    return new AuthorizerId(new ProviderId(provider), appid).bucket();
  }

  private String sealed(String purpose, String row, String secret) {
    return "\\\\x" + HexFormat.of().formatHex(seal(purpose, row, secret));
  }

  /**
   * Places as the rooms that own the columns name them: they are in ciphertexts and never change.
   */
  private byte[] seal(String purpose, String row, String secret) {
    return sealer.seal(new SecretPlace(purpose, provider, row), Secret.of(secret));
  }

  private static String line(Object... columns) {
    StringBuilder line = new StringBuilder();
    for (Object column : columns) {
      line.append(line.isEmpty() ? "" : "\t").append(column);
    }
    return line.append('\n').toString();
  }

  private void copy(String sql, int from, int to, IntFunction<String> lines) {
    database.with(
        connection -> {
          CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
          for (int merchant = from; merchant < to; merchant++) {
            byte[] line = lines.apply(merchant).getBytes(StandardCharsets.UTF_8);
            copy.writeToCopy(line, 0, line.length);
          }
          return copy.endCopy();
        });
  }
}
