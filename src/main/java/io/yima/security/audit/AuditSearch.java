package io.yima.security.audit;

import io.yima.api.Times;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lists events newest first, by whatever filters are given. With worker rights, because an operator
 * asks across providers; each combination of filters walks along one of the table's indexes.
 */
final class AuditSearch {

  /** The last row of the page before: events of one instant are told apart by their id. */
  record Position(Instant at, UUID id) {

    static Position of(AuditEventView event) {
      return new Position(event.at(), event.id());
    }

    /** Throws when the parts are not those of a position. */
    static Position read(List<String> parts) {
      return new Position(Times.read(parts.get(0)), UUID.fromString(parts.get(1)));
    }

    List<String> parts() {
      return List.of(at.toString(), id.toString());
    }
  }

  // The page is cut out before it is joined, or the planner may prefer to sort all there is.
  private static final String ACROSS_TENANTS_SELECT =
      """
      select e.*, p.component_appid
      from (
        select e.provider_id, e.id, e.at, e.last_at, e.count, e.action, e.authorizer_appid,
          e.object, e.key_id, e.key_name, e.actor, e.request_id, e.node, e.detail
        from audit_event e
        where true""";
  private static final String PROVIDER = " and e.provider_id = ?";
  private static final String AUTHORIZER = " and e.authorizer_appid = ?";
  private static final String ACTION = " and e.action = ?";
  // Implied by the action, but only in so many words does it open the small index.
  private static final String NO_READ = " and e.action <> 'token.read'";
  private static final String KEY = " and e.key_id = ?";
  private static final String FROM = " and e.at >= ?";
  private static final String TO = " and e.at < ?";
  private static final String AFTER = " and (e.at, e.id) < (?, ?)";
  private static final String LIMIT =
      """
       order by e.at desc, e.id desc limit ?) e
      join provider p on p.id = e.provider_id
      order by e.at desc, e.id desc
      """;

  private final StringBuilder statement = new StringBuilder(ACROSS_TENANTS_SELECT);
  private final List<Object> parameters = new ArrayList<>();

  private AuditSearch() {}

  static AuditSearch of(AuditFilter filter, @Nullable Position after, int limit) {
    AuditSearch search = new AuditSearch();
    search.narrow(filter);
    if (after != null) {
      search.add(AFTER, time(after.at()), after.id());
    }
    search.add(LIMIT, limit);
    return search;
  }

  String statement() {
    return statement.toString();
  }

  void bind(PreparedStatement select) throws SQLException {
    for (int i = 0; i < parameters.size(); i++) {
      select.setObject(i + 1, parameters.get(i));
    }
  }

  List<AuditEventView> run(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(statement())) {
      bind(select);
      List<AuditEventView> page = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          page.add(view(rows));
        }
      }
      return page;
    }
  }

  private void narrow(AuditFilter filter) {
    if (filter.provider() != null) {
      add(PROVIDER, filter.provider().value());
    }
    if (filter.authorizerAppid() != null) {
      add(AUTHORIZER, filter.authorizerAppid());
    }
    if (filter.action() != null) {
      add(ACTION, filter.action().word());
      if (filter.action() != AuditAction.TOKEN_READ) {
        add(NO_READ);
      }
    }
    if (filter.keyId() != null) {
      add(KEY, filter.keyId());
    }
    if (filter.from() != null) {
      add(FROM, time(filter.from()));
    }
    if (filter.to() != null) {
      add(TO, time(filter.to()));
    }
  }

  private void add(String condition, Object... values) {
    statement.append(condition);
    parameters.addAll(List.of(values));
  }

  private static AuditEventView view(ResultSet row) throws SQLException {
    return new AuditEventView(
        row.getObject("id", UUID.class),
        row.getObject("at", OffsetDateTime.class).toInstant(),
        row.getObject("last_at", OffsetDateTime.class).toInstant(),
        row.getLong("count"),
        row.getString("action"),
        row.getString("component_appid"),
        row.getString("authorizer_appid"),
        row.getString("object"),
        new AuditEventView.Key(row.getObject("key_id", UUID.class), row.getString("key_name")),
        row.getString("actor"),
        row.getString("request_id"),
        row.getString("node"),
        row.getString("detail"));
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
