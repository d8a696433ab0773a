package io.yima.authorizer;

import static java.util.Objects.requireNonNull;

import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.authorizer.AuthorizerView.PermissionSet;
import io.yima.database.Columns;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.work.LastError;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads merchants together with the state of their tokens, for answers and pages. */
@ApplicationScoped
class AuthorizerQueries {

  /** Which merchants; what is null does not restrict. */
  record Filter(
      @Nullable AuthorizerStatus status,
      @Nullable Integer permissionSet,
      @Nullable String q,
      Optional<Set<String>> only) {}

  private static final String SELECT =
      """
      select a.authorizer_appid, a.nick_name, a.principal_name, a.service_type, a.mini_program,
        a.status, a.permission_sets, a.authorized_at, a.revoked_at, t.access_token_expires_at,
        t.refreshed_at, t.next_refresh_at, t.attempts, t.last_error
      from authorizer a join authorizer_token t
        on t.provider_id = a.provider_id and t.authorizer_appid = a.authorizer_appid
      where a.provider_id = ?
      """;

  private static final String ONE = SELECT + " and a.authorizer_appid = ?";

  private static final String LIST =
      SELECT
          + """
             and (?::text is null or a.status = ?)
             and (?::int is null or a.permission_sets @> array[?::int])
             and (?::text is null or strpos(lower(concat_ws(' ', a.authorizer_appid, a.nick_name,
               a.principal_name)), lower(?)) > 0)
             and (?::text[] is null or a.authorizer_appid = any(?))
             and (?::text is null or a.authorizer_appid > ?)
            order by a.authorizer_appid limit ?
            """;

  private final ProviderTransactions transactions;
  private final Clock clock;

  AuthorizerQueries(ProviderTransactions transactions, Clock clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  Optional<AuthorizerView> one(AuthorizerId id) {
    return transactions.withConnection(
        id.provider(),
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(ONE)) {
            select.setObject(1, id.provider().value());
            select.setString(2, id.authorizerAppid());
            return views(select).stream().findFirst();
          }
        });
  }

  /** Ordered by appid. */
  Page<AuthorizerView> list(ProviderId provider, Filter filter, PageRequest page) {
    List<AuthorizerView> found =
        transactions.withConnection(
            provider, connection -> list(connection, provider, filter, page));
    return Page.of(found, page, view -> List.of(view.authorizerAppid()));
  }

  private List<AuthorizerView> list(
      Connection connection, ProviderId provider, Filter filter, PageRequest page)
      throws SQLException {
    String status = filter.status() == null ? null : filter.status().name();
    String after = page.after(key -> key.getFirst()).orElse(null);
    java.sql.@Nullable Array only =
        filter.only().isEmpty()
            ? null
            : connection.createArrayOf("text", filter.only().get().toArray());
    try (PreparedStatement select = connection.prepareStatement(LIST)) {
      int i = 1;
      select.setObject(i++, provider.value());
      for (Object value : Arrays.asList(status, filter.permissionSet(), filter.q(), only, after)) {
        // Each filter stands twice: whether it is given, and what it asks for.
        select.setObject(i++, value);
        select.setObject(i++, value);
      }
      select.setInt(i, page.limitPlusOne());
      return views(select);
    }
  }

  private List<AuthorizerView> views(PreparedStatement select) throws SQLException {
    List<AuthorizerView> views = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        views.add(view(rows));
      }
    }
    return views;
  }

  private AuthorizerView view(ResultSet row) throws SQLException {
    AuthorizerStatus status = AuthorizerStatus.valueOf(row.getString("status"));
    Integer serviceType = row.getObject("service_type", Integer.class);
    List<Integer> sets = List.of((Integer[]) row.getArray("permission_sets").getArray());
    AuthorizerStanding standing =
        new AuthorizerStanding(
            status,
            sets.contains(AuthorizerStanding.MARKETING_CODE_SET),
            Authorizer.isServiceAccount(serviceType, row.getBoolean("mini_program")));
    return new AuthorizerView(
        row.getString("authorizer_appid"),
        row.getString("nick_name"),
        row.getString("principal_name"),
        serviceType,
        status,
        sets.stream().map(PermissionSet::of).toList(),
        standing.marketingCodes(),
        token(status, row),
        requireNonNull(Columns.instant(row, "authorized_at")),
        Columns.instant(row, "revoked_at"));
  }

  private TokenState token(AuthorizerStatus status, ResultSet row) throws SQLException {
    return TokenState.of(
        status,
        Columns.instant(row, "access_token_expires_at"),
        Columns.instant(row, "refreshed_at"),
        Columns.instant(row, "next_refresh_at"),
        row.getInt("attempts"),
        LastError.parse(row.getString("last_error")),
        clock.instant());
  }
}
