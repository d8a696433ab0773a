package io.yima.observability;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
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
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be done and for what, sampled twice a minute in one statement that only looks at
 * what an index finds, and at so many rows of each: a long backlog is not made longer by watching
 * it.
 */
@ApplicationScoped
class Backlog {

  private static final Logger LOG = Logger.getLogger(Backlog.class);
  private static final String BACKLOG = "yima_backlog";
  private static final String WAITING = "Pieces of background work that wait, by kind and reason";

  /** The columns of {@link #SAMPLE}, as the metric names them. */
  enum Figure {
    TOKENS("yima_backlog_tokens", "Merchants whose token is due for renewal"),
    TOKENS_FAILING("yima_tokens_failing", "Merchants whose last renewal failed"),
    APPLICATIONS("yima_backlog_applications", "Code applications due to be sent or asked for"),
    APPLICATIONS_BLOCKED(
        "yima_applications_blocked", "Unfinished code applications that wait for a person"),
    INBOX("yima_backlog_inbox", "Pushes of WeChat not handled yet"),
    TICKET_AGE("yima_ticket_age_seconds", "Age of the oldest verify ticket of an active provider"),
    TICKETS_MISSING("yima_tickets_missing", "Active providers without a usable verify ticket"),
    TOKENS_DUE("token-refresh", Reason.DUE),
    TOKENS_LEASED("token-refresh", Reason.LEASED),
    TOKENS_BACKING_OFF("token-refresh", Reason.BACKING_OFF),
    TOKENS_PARKED("token-refresh", Reason.PARKED),
    TOKENS_LOST("token-refresh", Reason.REAUTHORIZATION_REQUIRED),
    APPLICATIONS_DUE("application-sync", Reason.DUE),
    APPLICATIONS_LEASED("application-sync", Reason.LEASED),
    APPLICATIONS_BACKING_OFF("application-sync", Reason.BACKING_OFF),
    APPLICATIONS_PARKED("application-sync", Reason.PARKED),
    APPLICATIONS_WAITING("application-sync", Reason.BLOCKED),
    ACTIVATIONS_DUE("code-activation", Reason.DUE),
    ACTIVATIONS_LEASED("code-activation", Reason.LEASED),
    ACTIVATIONS_BACKING_OFF("code-activation", Reason.BACKING_OFF),
    ACTIVATIONS_PARKED("code-activation", Reason.PARKED),
    ACTIVATIONS_WAITING("code-activation", Reason.BLOCKED),
    INBOX_DUE("callback-inbox", Reason.DUE),
    INBOX_LEASED("callback-inbox", Reason.LEASED),
    INBOX_BACKING_OFF("callback-inbox", Reason.BACKING_OFF),
    COMPONENTS_DUE("component-token", Reason.DUE),
    COMPONENTS_LEASED("component-token", Reason.LEASED),
    COMPONENTS_BACKING_OFF("component-token", Reason.BACKING_OFF),
    QUOTAS_PARKED(
        "yima_quotas_parked", "Merchants' interfaces whose quota of the day is used up at WeChat"),
    QUOTAS_SLOWED(
        "yima_quotas_slowed", "Merchants' interfaces that pause because calls were too frequent");

    private final String metric;
    private final String description;
    private final @Nullable String kind;
    private final @Nullable Reason reason;

    Figure(String metric, String description) {
      this.metric = metric;
      this.description = description;
      this.kind = null;
      this.reason = null;
    }

    Figure(String kind, Reason reason) {
      this.metric = BACKLOG;
      this.description = WAITING;
      this.kind = kind;
      this.reason = reason;
    }

    Tags tags() {
      return kind == null || reason == null
          ? Tags.empty()
          : Tags.of("kind", kind, "reason", reason.name().toLowerCase(Locale.ROOT));
    }
  }

  /** Why a piece of work is not done yet; each is counted under one. */
  private enum Reason {
    /** Its time has come and nobody has taken it. */
    DUE,
    /** A node is at it. */
    LEASED,
    /** It failed and will be tried again. */
    BACKING_OFF,
    /** The day's quota at WeChat is used up. */
    PARKED,
    /** A person must mend something; it is tried again once in a while. */
    BLOCKED,
    /** Only the merchant can mend it. */
    REAUTHORIZATION_REQUIRED
  }

  private static final String SAMPLE =
      """
      with quota_blocked as materialized (
        select slow_downs from api_quota where blocked_until > ? limit 100000),
      token_due as materialized (
        select coalesce(lease_until > now(), false) as leased
        from authorizer_token where next_refresh_at <= ? limit 100000),
      token_failing as materialized (
        select next_refresh_at > ? as later,
          coalesce(last_error ->> 'code' in ('quota_exhausted', 'quota_reserved'), false) as parked
        from authorizer_token
        where attempts > 0 and next_refresh_at is not null limit 100000),
      application_due as materialized (
        select coalesce(lease_until > now(), false) as leased
        from code_application where next_sync_at <= ? limit 100000),
      application_failing as materialized (
        select blocked, next_sync_at > ? as later,
          coalesce(last_error ->> 'code' in ('quota_exhausted', 'quota_reserved'), false) as parked
        from code_application
        where next_sync_at is not null and (attempts > 0 or blocked) limit 100000),
      activation_due as materialized (
        select coalesce(lease_until > now(), false) as leased
        from code_activation_slice where next_attempt_at <= ? limit 100000),
      activation_failing as materialized (
        select blocked, next_attempt_at > ? as later,
          coalesce(last_error ->> 'code' = 'quota_exhausted', false) as parked
        from code_activation_slice
        where next_attempt_at is not null and (attempts > 0 or blocked) limit 100000),
      inbox_open as materialized (
        select next_attempt_at > ? as later, coalesce(lease_until > now(), false) as leased
        from callback_inbox where next_attempt_at is not null limit 100000),
      active as materialized (
        select next_refresh_at <= ? as due, coalesce(lease_until > now(), false) as leased,
          attempts > 0 as failing,
          extract(epoch from ? - verify_ticket_received_at) as ticket_age
        from component join provider on provider.id = component.provider_id
        where provider.status = 'ACTIVE')
      select
        (select count(*) from token_due) as tokens,
        (select count(*) from token_due where not leased) as tokens_due,
        (select count(*) from token_due where leased) as tokens_leased,
        (select count(*) from token_failing) as tokens_failing,
        (select count(*) from token_failing where later and not parked) as tokens_backing_off,
        (select count(*) from token_failing where later and parked) as tokens_parked,
        (select count(*) from (select 1 from authorizer
          where status = 'REAUTHORIZATION_REQUIRED' limit 100000) a) as tokens_lost,
        (select count(*) from application_due) as applications,
        (select count(*) from application_due where not leased) as applications_due,
        (select count(*) from application_due where leased) as applications_leased,
        (select count(*) from application_failing where blocked) as applications_blocked,
        (select count(*) from application_failing where later and blocked)
          as applications_waiting,
        (select count(*) from application_failing where later and not blocked and parked)
          as applications_parked,
        (select count(*) from application_failing where later and not blocked and not parked)
          as applications_backing_off,
        (select count(*) from activation_due where not leased) as activations_due,
        (select count(*) from activation_due where leased) as activations_leased,
        (select count(*) from activation_failing where later and blocked) as activations_waiting,
        (select count(*) from activation_failing where later and not blocked and parked)
          as activations_parked,
        (select count(*) from activation_failing where later and not blocked and not parked)
          as activations_backing_off,
        (select count(*) from inbox_open) as inbox,
        (select count(*) from inbox_open where not later and not leased) as inbox_due,
        (select count(*) from inbox_open where not later and leased) as inbox_leased,
        (select count(*) from inbox_open where later) as inbox_backing_off,
        (select count(*) from active where due and not leased) as components_due,
        (select count(*) from active where due and leased) as components_leased,
        (select count(*) from active where not due and failing) as components_backing_off,
        (select count(*) from quota_blocked where slow_downs = 0) as quotas_parked,
        (select count(*) from quota_blocked where slow_downs > 0) as quotas_slowed,
        (select greatest(coalesce(max(ticket_age), 0), 0) from active) as ticket_age,
        (select count(*) from active where ticket_age is null or ticket_age > 43200)
          as tickets_missing
      """;

  private static final int TIMES = 10;

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
          .tags(figure.tags())
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
    return database.statement(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(SAMPLE)) {
            for (int i = 1; i <= TIMES; i++) {
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
