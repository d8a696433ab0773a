package io.yima.codes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.database.RewrittenStatements;
import io.yima.database.WorkerDatabase;
import io.yima.provider.RegisteredProviders;
import io.yima.testsupport.ClockByHand;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.Sequences;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random commands to orders, held against a model; see docs/model.md. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class OrderSequencesTest {

  /** So many sequences find every one of the safeguards that are taken out here. */
  private static final int ENOUGH = 500;

  private static final AtomicInteger SEQUENCE = new AtomicInteger();

  @Inject RegisteredProviders providers;
  @Inject OrderNodes nodes;
  @Inject WorkerDatabase database;
  @Inject RewrittenStatements rewritten;

  private final ComponentApp app = ComponentApp.unheardOf();
  private OrderRows rows;

  @BeforeEach
  void alone() {
    rows = new OrderRows(database, providers.register(app).id());
    rows.forgetAll();
  }

  @AfterEach
  void leaveNothingToDo() {
    rows.forgetAll();
    providers.archive(app);
  }

  @Test
  void whatever_happens_in_whatever_order_orders_stand_as_the_model_says() {
    int wanted = Sequences.wanted();

    run(Sequences.first(), wanted, database);

    assertThat(wanted).isPositive();
    if (wanted == Sequences.USUAL) {
      Robustness.row(
          "Model",
          "commands to two nodes and WeChat about orders, in 500 sequences, seeded",
          (long) wanted * OrderSequence.COMMANDS,
          "rows and answers as the model says, after each");
    }
  }

  @Test
  void statements_that_are_rewritten_as_they_were_are_as_good() {
    AtomicBoolean used = new AtomicBoolean();

    run(0, 10, rewritten.with("generation", "generation", used));

    assertThat(used).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          results are written whatever generation the row has | and a.generation = r.generation | and true
          a claim does not raise the generation               | generation = a.generation + 1   | generation = a.generation
          orders are claimed though somebody holds them       | lease_until < now()             | lease_until is not null
          a used-up quota is forgotten                        | when q.blocked_until >           | when null::timestamptz >
          a used-up quota ends when it ended before           | then greatest(c.parked_until,    | then coalesce(q.blocked_until, c.parked_until,
          calls go on although they were too frequent         | q.slow_downs = 0 or (select background from as_of) | q.slow_downs = 0
          a claim does not note that something may be sent    | first_sent_at = case a.state when | first_sent_at = case 'none' when
          failures are not counted                            | attempts = r.attempts           | attempts = 0
          orders of merchants who are back stay put off       | set next_sync_at = ?            | set next_sync_at = coalesce(a.next_sync_at, ?)
          """)
  void without_a_safeguard_the_model_finds_it(String what, String safeguard, String replacement) {
    AtomicBoolean used = new AtomicBoolean();

    assertThatThrownBy(() -> run(0, ENOUGH, rewritten.with(safeguard, replacement, used)))
        .as(what)
        .hasMessageContaining("-Dmodel.first=")
        .hasCauseInstanceOf(AssertionError.class);

    assertThat(used).isTrue();
  }

  private void run(long first, int count, WorkerDatabase on) {
    ClockByHand clock = new ClockByHand(Instant.EPOCH);
    OrderingWeChat weChat = new OrderingWeChat();
    try {
      Sequences.run(
          OrderSequencesTest.class,
          first,
          count,
          (random, given) ->
              new OrderSequence(
                      providers.entry(app).id(),
                      on,
                      rows,
                      weChat,
                      clock,
                      nodes.settings(),
                      () -> nodes.start(on, weChat, clock),
                      random,
                      given)
                  .run(newPrefix()));
    } finally {
      rows.forgetAll();
    }
  }

  /** Fresh merchants for every sequence, in one order. */
  private static String newPrefix() {
    return "wxo%09d".formatted(SEQUENCE.incrementAndGet());
  }
}
