package io.yima.packages;

import io.yima.codes.ApplicationKey;
import io.yima.codes.ApplicationsFinished;
import io.yima.codes.CodeApplication;
import io.yima.database.ColumnArrays;
import io.yima.database.DatabaseFailed;
import io.yima.wechat.ApplicationStatus.CodeRange;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a package of each range of the applications that are finished, in the same transaction. */
@ApplicationScoped
class PackagePlans {

  /** Between two packages of an application, see {@link #PLAN}. */
  private static final Duration APART = Duration.ofMillis(100);

  /**
   * Ranges that begin alike are one; a repetition changes nothing. The packages fall due one after
   * the other, so that those of others come in between.
   */
  private static final String PLAN =
      """
      insert into code_package
        (provider_id, authorizer_appid, isv_application_id, code_start, code_end, state,
          next_attempt_at)
      select r.provider_id, r.authorizer_appid, r.isv_application_id, r.code_start,
        max(r.code_end), 'PENDING', min(r.due)
      from unnest(?::uuid[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::timestamptz[])
        as r (provider_id, authorizer_appid, isv_application_id, code_start, code_end, due)
      group by r.provider_id, r.authorizer_appid, r.isv_application_id, r.code_start
      on conflict do nothing
      """;

  private final CodesSettings settings;

  /** A package to be made; due null: when somebody asks for it. */
  private record Planned(ApplicationKey key, CodeRange range, @Nullable Instant due) {}

  PackagePlans(CodesSettings settings) {
    this.settings = settings;
  }

  void plan(@Observes ApplicationsFinished finished) {
    List<Planned> planned =
        finished.applications().stream().flatMap(one -> planned(one).stream()).toList();
    if (planned.isEmpty()) {
      return;
    }
    try {
      insert(finished.connection(), planned);
    } catch (SQLException e) {
      throw new DatabaseFailed(e);
    }
  }

  private static void insert(Connection connection, List<Planned> planned) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(PLAN)) {
      new ColumnArrays<>(connection, insert, planned, 0)
          .add("uuid", one -> one.key().provider().value())
          .add("text", one -> one.key().authorizer().authorizerAppid())
          .add("text", one -> one.key().isvApplicationId())
          .add("bigint", one -> one.range().codeStart())
          .add("bigint", one -> one.range().codeEnd())
          .add("timestamptz", Planned::due);
      insert.executeUpdate();
    }
  }

  private List<Planned> planned(CodeApplication application) {
    List<Planned> planned = new ArrayList<>();
    Instant finishedAt = application.progress().finishedAt();
    if (finishedAt != null) {
      for (CodeRange range : application.progress().reported().ranges()) {
        Instant due = settings.ahead() ? finishedAt.plus(APART.multipliedBy(planned.size())) : null;
        planned.add(new Planned(application.key(), range, due));
      }
    }
    return planned;
  }
}
