package io.yima.authorizer;

import static java.util.Objects.requireNonNull;

import io.yima.database.Columns;
import io.yima.tenancy.ProviderId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A provider's comparison with WeChat's list, ours for one step.
 *
 * @param pageOffset where to read on in the list; {@link #LISTED} once it is read
 * @param startedAt when the comparison under way began
 * @param nextReconcileAt as it was claimed
 */
record ClaimedReconciliation(
    ProviderId provider,
    long generation,
    int pageOffset,
    Instant startedAt,
    Instant nextReconcileAt,
    int attempts) {

  static final int LISTED = -1;

  static ClaimedReconciliation of(ResultSet row, Instant now) throws SQLException {
    Instant startedAt = Columns.instant(row, "started_at");
    Instant finishedAt = Columns.instant(row, "finished_at");
    boolean underWay = startedAt != null && !isOver(startedAt, finishedAt);
    return new ClaimedReconciliation(
        new ProviderId(row.getObject("provider_id", UUID.class)),
        row.getLong("generation"),
        underWay ? row.getInt("page_offset") : 0,
        startedAt != null && underWay ? startedAt : now,
        requireNonNull(Columns.instant(row, "next_reconcile_at")),
        row.getInt("attempts"));
  }

  private static boolean isOver(Instant startedAt, @Nullable Instant finishedAt) {
    return finishedAt != null && !finishedAt.isBefore(startedAt);
  }

  boolean listed() {
    return pageOffset == LISTED;
  }
}
