package io.yima.packages;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.yima.codes.ApplicationEvent;
import io.yima.codes.ApplicationState;
import io.yima.codes.EventKind;
import io.yima.codes.History;
import io.yima.database.Columns;
import io.yima.database.DatabaseFailed;
import io.yima.tenancy.ProviderTransactions;
import io.yima.work.LastError;
import io.yima.work.Node;
import io.yima.work.WorkLoops;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Has packages fetched again whose stored content is damaged. A disk or bucket that spoils whatever
 * it is given must not use up the merchant's quota, so a package that was fetched again is fetched
 * once more only a day later.
 */
@ApplicationScoped
class DamagedPackages {

  static final String CODE = "code_package_damaged";

  private static final Logger LOG = Logger.getLogger(DamagedPackages.class);

  private static final String REMEDY =
      "What is kept of these codes is damaged: they are fetched from WeChat again, at most once a"
          + " day. If that goes on, look at the disk or bucket that YIMA_CODES_STORE names.";

  /**
   * Once, whoever else reads the package: and not when another content has taken the place of the
   * one that was read.
   */
  private static final String MARK =
      """
      update code_package c set
        next_attempt_at = case when c.damaged_at is null then ?::timestamptz
          else greatest(?::timestamptz, c.stored_at + interval '1 day') end,
        damaged_at = ?, blocked = false, attempts = 0, last_error = ?::jsonb
      where c.provider_id = ? and c.authorizer_appid = ? and c.isv_application_id = ?
        and c.code_start = ? and c.state = 'STORED' and c.data_key = ? and c.next_attempt_at is null
      returning c.next_attempt_at
      """;

  private final ProviderTransactions transactions;
  private final WorkLoops loops;
  private final MeterRegistry registry;
  private final Clock clock;
  private final Node node;

  DamagedPackages(
      ProviderTransactions transactions,
      WorkLoops loops,
      MeterRegistry registry,
      Clock clock,
      Node node) {
    this.transactions = transactions;
    this.loops = loops;
    this.registry = registry;
    this.clock = clock;
    this.node = node;
  }

  /** Of somebody who could not read it; what else goes wrong here is not that reader's concern. */
  void found(StoredPackage content, CodePackageDamaged damage) {
    Optional<Instant> next;
    try {
      next =
          transactions.withConnection(
              content.key().application().provider(), connection -> mark(connection, content));
    } catch (DatabaseFailed e) {
      LOG.warn("A package that is damaged could not be marked; its next reader does", e);
      return;
    }
    if (next.isPresent()) {
      LOG.errorf(
          damage,
          "Codes %d to %d of application %s of merchant %s are damaged where they are kept, at %s; they are fetched again at %s",
          content.range().codeStart(),
          content.range().codeEnd(),
          content.key().application().isvApplicationId(),
          content.key().application().authorizer().authorizerAppid(),
          content.place(),
          next.get());
      Counter.builder("yima_code_packages_damaged")
          .description("Packages of codes whose stored content was found to be damaged")
          .register(registry)
          .increment();
      loops.wake(PackageDownloads.KIND);
    }
  }

  private Optional<Instant> mark(Connection connection, StoredPackage content) throws SQLException {
    Instant now = clock.instant();
    LastError error = LastError.of(CODE, REMEDY, now);
    Optional<Instant> next;
    try (PreparedStatement update = connection.prepareStatement(MARK)) {
      update.setObject(1, Columns.of(now));
      update.setObject(2, Columns.of(now));
      update.setObject(3, Columns.of(now));
      update.setString(4, error.toJson());
      update.setBytes(content.key().bind(update, 5), content.sealedKey().array());
      try (ResultSet row = update.executeQuery()) {
        next =
            row.next()
                ? Optional.ofNullable(Columns.instant(row, "next_attempt_at"))
                : Optional.empty();
      }
    }
    if (next.isPresent()) {
      ApplicationEvent event =
          ApplicationEvent.failed(
              EventKind.CODES_FAILED, error, ApplicationState.FINISHED, ApplicationState.FINISHED);
      History.append(
          connection, List.of(new History.Entry(content.key().application(), event)), node.name());
    }
    return next;
  }
}
