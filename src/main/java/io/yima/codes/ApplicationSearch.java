package io.yima.codes;

import io.yima.api.Times;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists a provider's applications in one query, newest first, by whatever filters are given. */
final class ApplicationSearch {

  /** The last row of the page before: requests of one instant are told apart by their key. */
  record Position(Instant requestedAt, String authorizerAppid, String isvApplicationId) {

    static Position of(CodeApplication application) {
      return new Position(
          application.order().requestedAt(),
          application.key().authorizer().authorizerAppid(),
          application.key().isvApplicationId());
    }

    /** Throws when the parts are not those of a position. */
    static Position read(List<String> parts) {
      return new Position(Times.read(parts.get(0)), parts.get(1), parts.get(2));
    }

    List<String> parts() {
      return List.of(requestedAt.toString(), authorizerAppid, isvApplicationId);
    }
  }

  private static final String SELECT =
      "select " + LedgerRow.COLUMNS + " from code_application a where a.provider_id = ?";
  private static final String STATE = " and a.state = ?";
  private static final String AUTHORIZER = " and a.authorizer_appid = ?";
  private static final String ISV_APPLICATION_ID = " and a.isv_application_id = ?";
  private static final String APPLICATION_ID = " and a.application_id = ?";
  private static final String STUCK =
      " and a.state in ('SUBMITTING', 'SUBMITTED') and (a.blocked or a.progressed_at <= ?)";
  private static final String NOT_STUCK =
      " and not (a.state in ('SUBMITTING', 'SUBMITTED') and (a.blocked or a.progressed_at <= ?))";
  private static final String REQUESTED_FROM = " and a.requested_at >= ?";
  private static final String REQUESTED_TO = " and a.requested_at < ?";
  private static final String ONLY_AUTHORIZERS = " and a.authorizer_appid = any(?)";
  // The first condition is implied by the second; it is what the index can begin at.
  private static final String AFTER =
      " and a.requested_at <= ? and (a.requested_at < ?"
          + " or (a.authorizer_appid, a.isv_application_id) > (?, ?))";
  private static final String ORDER =
      " order by a.requested_at desc, a.authorizer_appid, a.isv_application_id limit ?";

  private final StringBuilder statement = new StringBuilder(SELECT);
  private final List<Object> parameters = new ArrayList<>();

  private ApplicationSearch(ProviderId provider) {
    parameters.add(provider.value());
  }

  static List<CodeApplication> page(
      ProviderTransactions transactions,
      ProviderId provider,
      ApplicationFilter filter,
      Instant stuckSince,
      @Nullable Position after,
      int limit) {
    ApplicationSearch search = new ApplicationSearch(provider);
    search.narrow(filter, stuckSince);
    if (after != null) {
      Object time = after.requestedAt().atOffset(ZoneOffset.UTC);
      search.add(AFTER, time, time, after.authorizerAppid(), after.isvApplicationId());
    }
    search.add(ORDER, limit);
    return transactions.query(
        provider, search.statement.toString(), search::bind, ApplicationSearch::read);
  }

  private void narrow(ApplicationFilter filter, Instant stuckSince) {
    if (filter.state() != null) {
      add(STATE, filter.state().name());
    }
    if (filter.authorizerAppid() != null) {
      add(AUTHORIZER, filter.authorizerAppid());
    }
    if (filter.isvApplicationId() != null) {
      add(ISV_APPLICATION_ID, filter.isvApplicationId());
    }
    if (filter.applicationId() != null) {
      add(APPLICATION_ID, filter.applicationId());
    }
    if (filter.stuck() != null) {
      add(filter.stuck() ? STUCK : NOT_STUCK, stuckSince.atOffset(ZoneOffset.UTC));
    }
    if (filter.requestedFrom() != null) {
      add(REQUESTED_FROM, filter.requestedFrom().atOffset(ZoneOffset.UTC));
    }
    if (filter.requestedTo() != null) {
      add(REQUESTED_TO, filter.requestedTo().atOffset(ZoneOffset.UTC));
    }
    if (filter.onlyAuthorizers() != null) {
      add(ONLY_AUTHORIZERS, (Object) filter.onlyAuthorizers().toArray(String[]::new));
    }
  }

  private void add(String condition, Object... values) {
    statement.append(condition);
    parameters.addAll(List.of(values));
  }

  private void bind(PreparedStatement query, int first) throws SQLException {
    int position = first;
    for (Object value : parameters) {
      if (value instanceof String[] texts) {
        query.setArray(position++, query.getConnection().createArrayOf("text", texts));
      } else {
        query.setObject(position++, value);
      }
    }
  }

  private static List<CodeApplication> read(ResultSet rows) throws SQLException {
    List<CodeApplication> page = new ArrayList<>();
    while (rows.next()) {
      page.add(LedgerRow.read(rows));
    }
    return page;
  }
}
