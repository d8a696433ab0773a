package io.yima.observability;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.yima.database.WorkerDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * What waits to be done, sampled twice a minute in one statement and counted up to a limit, so that
 * a long backlog is not made longer by watching it.
 */
@ApplicationScoped
class Backlog {

  private static final Logger LOG = Logger.getLogger(Backlog.class);

  /** The columns of {@link #SAMPLE}, as the metric names them. */
  enum Figure {
    TOKENS_DUE("yima_backlog_tokens", "Merchants whose token is due for renewal"),
    TOKENS_FAILING("yima_tokens_failing", "Merchants whose last renewal failed"),
    APPLICATIONS_DUE("yima_backlog_applications", "Code applications due to be sent or asked for"),
    APPLICATIONS_BLOCKED(
        "yima_applications_blocked", "Unfinished code applications that wait for a person"),
    INBOX("yima_backlog_inbox", "Pushes of WeChat not handled yet"),
    TICKET_AGE("yima_ticket_age_seconds", "Age of the oldest verify ticket of an active provider"),
    TICKETS_MISSING("yima_tickets_missing", "Active providers without a usable verify ticket");

    private final String metric;
    private final String description;

    Figure(String metric, String description) {
      this.metric = metric;
      this.description = description;
    }
  }

  private static final String SAMPLE =
      """
      select
        (select count(*) from (select 1 from authorizer_token
          where next_refresh_at <= ? limit 100000) t) as tokens_due,
        (select count(*) from (select 1 from authorizer_token
          where next_refresh_at is not null and attempts > 0 limit 100000) t) as tokens_failing,
        (select count(*) from (select 1 from code_application
          where next_sync_at <= ? limit 100000) t) as applications_due,
        (select count(*) from (select 1 from code_application
          where next_sync_at is not null and blocked limit 100000) t) as applications_blocked,
        (select count(*) from (select 1 from callback_inbox
          where next_attempt_at is not null limit 100000) t) as inbox,
        (select greatest(coalesce(max(extract(epoch from ? - verify_ticket_received_at)), 0), 0)
          from component join provider on provider.id = component.provider_id
          where provider.status = 'ACTIVE') as ticket_age,
        (select count(*) from component join provider on provider.id = component.provider_id
          where provider.status = 'ACTIVE'
            and (verify_ticket_received_at is null
              or verify_ticket_received_at < ? - interval '12 hours')) as tickets_missing
      """;

  private final WorkerDatabase database;
  private final MeterRegistry meters;
  private final Clock clock;
  private volatile Map<Figure, Double> figures = Map.of();

  Backlog(WorkerDatabase database, MeterRegistry meters, Clock clock) {
    this.database = database;
    this.meters = meters;
    this.clock = clock;
  }

  void register(@Observes StartupEvent started) {
    for (Figure figure : Figure.values()) {
      Gauge.builder(figure.metric, () -> figures.getOrDefault(figure, Double.NaN))
          .description(figure.description)
          .register(meters);
    }
    Gauge.builder(
            "yima_database_embedded", () -> Boolean.getBoolean("io.yima.embedded-database") ? 1 : 0)
        .description("1 where the database is the embedded one, which serves one node only")
        .register(meters);
  }

  @Scheduled(every = "30s", delayed = "2s", identity = "backlog")
  void sample() {
    try {
      figures = ask();
    } catch (RuntimeException e) {
      // Figures of before the failure would look like calm.
      figures = Map.of();
      LOG.warn("The backlog could not be counted");
    }
  }

  private Map<Figure, Double> ask() {
    OffsetDateTime now = OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    return database.transaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(SAMPLE)) {
            for (int i = 1; i <= 4; i++) {
              select.setObject(i, now);
            }
            return read(select);
          }
        });
  }

  private static Map<Figure, Double> read(PreparedStatement select) throws SQLException {
    Map<Figure, Double> read = new EnumMap<>(Figure.class);
    try (ResultSet row = select.executeQuery()) {
      row.next();
      for (Figure figure : Figure.values()) {
        read.put(figure, row.getDouble(figure.name()));
      }
    }
    return read;
  }
}
