package io.yima.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class DatabaseClockTest {

  private static final Duration WRONG = Duration.ofHours(1);

  @Inject
  @DataSource("worker")
  AgroalDataSource worker;

  @Test
  void nodes_whose_clocks_are_an_hour_off_agree_on_what_is_due() throws SQLException {
    Clock fast = nodeWith(WRONG);
    Clock slow = nodeWith(WRONG.negated());
    Clock right = nodeWith(Duration.ZERO);

    // Minutes: this machine may be busy, and an hour is what must not show.
    Instant now = right.instant();
    assertThat(fast.instant()).isCloseTo(now, within(1, ChronoUnit.MINUTES));
    assertThat(slow.instant()).isCloseTo(now, within(1, ChronoUnit.MINUTES));
    assertThat(now).isCloseTo(Instant.now(Clock.systemUTC()), within(1, ChronoUnit.MINUTES));
    Robustness.row(
        "Self-healing",
        "nodes whose clocks are an hour fast or slow",
        2,
        "agree with the database's clock on what is due");
  }

  @Test
  void a_clock_that_is_set_while_a_node_runs_counts_until_the_next_measure_only()
      throws SQLException {
    MachineClock machine = new MachineClock();
    DatabaseClock node = new DatabaseClock(worker, machine);
    node.start(new StartupEvent());

    machine.offset = WRONG;
    node.measureAgain();

    assertThat(node.instant())
        .isCloseTo(Instant.now(Clock.systemUTC()), within(1, ChronoUnit.MINUTES));
  }

  private Clock nodeWith(Duration off) throws SQLException {
    DatabaseClock clock = new DatabaseClock(worker, Clock.offset(Clock.systemUTC(), off));
    clock.start(new StartupEvent());
    return clock;
  }

  private static final class MachineClock extends Clock {

    private final Clock system = Clock.systemUTC();
    private Duration offset = Duration.ZERO;

    @Override
    public Instant instant() {
      return system.instant().plus(offset);
    }

    @Override
    public ZoneId getZone() {
      return system.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return Clock.offset(system.withZone(zone), offset);
    }
  }
}
