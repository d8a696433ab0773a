package io.yima.callback;

import io.yima.callback.Probe.Kind;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.work.LastError;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What probes came last, and how they were answered; in transactions of their provider. */
@ApplicationScoped
class ReleaseChecks {

  // An outcome of an earlier question says nothing about the later one, and the arrival of a
  // question nothing about one that has its outcome.
  private static final String NOTE =
      """
      insert into release_check as c
        (provider_id, authorizer_appid, probe, received_at, answered_at, last_error)
      values (?, ?, ?, ?, ?, ?::jsonb)
      on conflict on constraint release_check_pkey do update set
        received_at = excluded.received_at, answered_at = excluded.answered_at,
        last_error = excluded.last_error
      where c.received_at < excluded.received_at or (c.received_at = excluded.received_at
        and coalesce(excluded.answered_at::text, excluded.last_error::text) is not null)
      """;

  private static final String LIST =
      """
      select authorizer_appid, probe, received_at, answered_at, last_error
      from release_check where provider_id = ?
      order by received_at desc, authorizer_appid, probe
      """;

  private final ProviderTransactions transactions;

  ReleaseChecks(ProviderTransactions transactions) {
    this.transactions = transactions;
  }

  /** What became of a probe. */
  record Result(
      String authorizerAppid,
      Kind probe,
      Instant receivedAt,
      @Nullable Instant answeredAt,
      @Nullable LastError lastError) {}

  /** It came, and its answer is still to come. */
  void received(AuthorizerId account, Kind probe, Instant receivedAt) {
    note(account, probe, receivedAt, null, null);
  }

  void answered(AuthorizerId account, Kind probe, Instant receivedAt, Instant now) {
    note(account, probe, receivedAt, now, null);
  }

  void failed(AuthorizerId account, Kind probe, Instant receivedAt, LastError error) {
    note(account, probe, receivedAt, null, error);
  }

  /** The newest first; there are no more than WeChat has accounts and probes. */
  List<Result> list(ProviderId provider) {
    return transactions.withConnection(
        provider,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(LIST)) {
            select.setObject(1, provider.value());
            List<Result> results = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                results.add(result(row));
              }
            }
            return results;
          }
        });
  }

  private void note(
      AuthorizerId account,
      Kind probe,
      Instant receivedAt,
      @Nullable Instant answeredAt,
      @Nullable LastError error) {
    transactions.withConnection(
        account.provider(),
        connection -> {
          try (PreparedStatement upsert = connection.prepareStatement(NOTE)) {
            upsert.setObject(1, account.provider().value());
            upsert.setString(2, account.authorizerAppid());
            upsert.setString(3, probe.name());
            upsert.setObject(4, receivedAt.atOffset(ZoneOffset.UTC));
            upsert.setObject(5, answeredAt == null ? null : answeredAt.atOffset(ZoneOffset.UTC));
            upsert.setString(6, error == null ? null : error.toJson());
            return upsert.executeUpdate();
          }
        });
  }

  private static Result result(ResultSet row) throws SQLException {
    OffsetDateTime answeredAt = row.getObject("answered_at", OffsetDateTime.class);
    return new Result(
        row.getString("authorizer_appid"),
        Kind.valueOf(row.getString("probe")),
        row.getObject("received_at", OffsetDateTime.class).toInstant(),
        answeredAt == null ? null : answeredAt.toInstant(),
        LastError.parse(row.getString("last_error")));
  }
}
