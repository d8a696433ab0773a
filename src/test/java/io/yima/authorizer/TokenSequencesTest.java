package io.yima.authorizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.authorizer.TokenNodes.Surroundings;
import io.yima.database.RewrittenStatements;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.ProviderId;
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

/** Random commands to tokens, held against a model; see docs/model.md. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class TokenSequencesTest {

  /** So many sequences find every one of the safeguards that are taken out here. */
  private static final int ENOUGH = 500;

  private static final AtomicInteger SEQUENCE = new AtomicInteger();

  @Inject Merchants merchants;
  @Inject TokenNodes nodes;
  @Inject WorkerDatabase database;
  @Inject RewrittenStatements rewritten;

  private final ComponentApp app = ComponentApp.unheardOf();
  private ProviderId provider;

  @BeforeEach
  void alone() {
    TokenRows.forgetAll(database);
    provider = merchants.provider(app);
  }

  @AfterEach
  void leaveNothingToDo() {
    TokenRows.forgetAll(database);
    // Or reconciliation would ask about each of these merchants in other tests.
    merchants.archive(app);
  }

  @Test
  void whatever_happens_in_whatever_order_tokens_stand_as_the_model_says() {
    int wanted = Sequences.wanted();

    run(Sequences.first(), wanted, database);

    assertThat(wanted).isPositive();
    if (wanted == Sequences.USUAL) {
      Robustness.row(
          "Model",
          "commands to two nodes and WeChat about tokens, in 500 sequences, seeded",
          (long) wanted * TokenSequence.COMMANDS,
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
          results are written whatever generation the row has | and t.generation = v.generation | and true
          a claim does not raise the generation               | generation = t.generation + 1   | generation = t.generation
          rows are claimed though somebody holds them         | t.lease_until < now()           | true
          rows are claimed before they are due                | t.next_refresh_at <= ?          | (t.next_refresh_at <= ? or true)
          a lease ends though a call may be under way         | case when v.keeps_lease         | case when false
          a refresh token that came late is thrown away       | set candidate_refresh_token = ?, | set candidate_refresh_token = case when ?::bytea is null then null::bytea end,
          the former refresh token is not kept                | previous_refresh_token = v.previous, | previous_refresh_token = null,
          a withdrawal leaves the token                       | set access_token = null,        | set access_token = access_token,
          a withdrawal leaves the generation                  | next_refresh_at = null, generation = generation + 1 | next_refresh_at = null, generation = generation
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
    MoodyWeChat weChat = new MoodyWeChat();
    Surroundings surroundings = new Surroundings(on, weChat, clock);
    TokenWrites writes = nodes.writes(surroundings);
    TokenRows rows = new TokenRows(database, nodes.seals(), provider);
    try {
      Sequences.run(
          TokenSequencesTest.class,
          first,
          count,
          (random, given) ->
              new TokenSequence(
                      provider,
                      rows,
                      weChat,
                      clock,
                      nodes,
                      () -> nodes.start(surroundings, writes),
                      random,
                      given)
                  .run(nodes.authorized(surroundings), newPrefix()));
    } finally {
      writes.stop();
      TokenRows.forgetAll(database);
    }
  }

  /** Fresh merchants for every sequence, in one order. */
  private static String newPrefix() {
    return "wx%010d".formatted(SEQUENCE.incrementAndGet());
  }
}
