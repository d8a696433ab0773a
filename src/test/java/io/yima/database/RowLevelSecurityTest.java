package io.yima.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/**
 * What the API's role can do to rows of another provider, whatever SQL it is made to send: nothing.
 * Tried on every table that the catalogue knows, with a row in each.
 */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class RowLevelSecurityTest {

  private static final String SUBJECT = "Row level security";
  private static final String NOT_ALLOWED = "42501";
  private static final String NOT_SUPPORTED = "0A000";
  private static final String NO_UUID = "22P02";

  /** Attempts that must be refused; T the table, C a column, A the attacker, B the other. */
  private static final List<String> REFUSED =
      List.of(
          "insert into T select * from jsonb_populate_record(null::T, ROW_OF_B)",
          "insert into T select * from jsonb_populate_record(null::T, ROW_OF_B) returning 1",
          "insert into T select * from jsonb_populate_record(null::T, ROW_OF_A_AS_B)",
          "insert into T select * from jsonb_populate_record(null::T, ROW_OF_B)"
              + " on conflict do nothing",
          "insert into T select * from jsonb_populate_record(null::T, ROW_OF_B)"
              + " on conflict (KEY) do update set C = excluded.C",
          "insert into T select * from jsonb_populate_record(null::T, ROW_OF_B)"
              + " on conflict (KEY) do update set C = excluded.C where T.provider_id = 'B'"
              + " returning T::text",
          "update T set provider_id = 'B'",
          "update T set provider_id = 'B' where provider_id = 'A' returning T::text",
          "truncate T",
          "truncate T cascade",
          "alter table T no force row level security",
          "alter table T disable row level security",
          "create policy mine on T using (true)",
          "drop policy T_api on T",
          "alter policy T_api on T using (true)",
          "create view peek as select * from T",
          "create table peek as select * from T",
          "drop table T cascade");

  /** Attempts that may be refused too, and otherwise must reach no row of B. */
  private static final List<String> IN_VAIN =
      List.of(
          "select T::text from T",
          "select T::text from T where provider_id = 'B'",
          "select T::text from T where provider_id in ('A', 'B')",
          "select T::text from T where provider_id <> 'A'",
          "select T::text from T where C is not distinct from C order by provider_id desc",
          "select max(T::text) from T where provider_id = 'B' having count(*) > 0",
          "select (select T::text from T where provider_id = 'B' limit 1) where exists"
              + " (select from T where provider_id = 'B')",
          "select T::text from T tablesample bernoulli (100)",
          "select T::text from T where provider_id = 'B' for update",
          "select T::text from T where provider_id = 'B' for key share",
          "select T::text from T for no key update",
          "select 'x' from T where 1 / case when provider_id = 'B' then 0 else 1 end = 2",
          "select 'x' from T where cast(case when provider_id = 'B' then T::text else '1' end as"
              + " integer) = 2",
          "select 'x' from pg_stats where schemaname = 'public' and tablename = 'T'",
          "update T set provider_id = 'A' where provider_id = 'B' returning T::text",
          "update T set C = C where provider_id = 'B' returning T::text",
          "update T set C = C returning T::text",
          "update T set C = other.C from T other where other.provider_id = 'B'"
              + " returning other::text",
          "delete from T where provider_id = 'B' returning T::text",
          "delete from T using T other where other.provider_id = 'B' returning other::text",
          "merge into T using (select 'B'::uuid as id) b on T.provider_id = b.id"
              + " when matched then update set C = C",
          "merge into T using (select 'B'::uuid as id) b on T.provider_id = b.id"
              + " when matched then delete");

  /** Settings under which no tenant is named. */
  private static final List<String> NOBODY = List.of("", "nobody", "'; drop table provider; --");

  @Inject AgroalDataSource api;
  @Inject ProviderTransactions transactions;

  private final ProviderId mine = ProviderId.next();
  private final ProviderId foreign = ProviderId.next();
  private Catalogue catalogue;
  private List<String> tables;

  private record Outcome(String state, List<String> rows, int changed) {}

  /** Ends a transaction so that the next attempt finds everything as this one did. */
  private static final class RolledBack extends RuntimeException {
    private final transient Outcome outcome;

    RolledBack(Outcome outcome) {
      this.outcome = outcome;
    }
  }

  @BeforeEach
  void fillEveryTableForTwoProviders() throws SQLException {
    catalogue = new Catalogue();
    tables = catalogue.tenantTables();
    GeneratedRows.insert(catalogue, mine);
    GeneratedRows.insert(catalogue, foreign);
  }

  @AfterEach
  void close() throws SQLException {
    catalogue.close();
  }

  @Test
  void with_a_provider_it_sees_that_provider_s_rows_and_no_others() throws SQLException {
    assertThat(tables).contains("component", "authorizer", "code_application", "audit_event");
    for (String table : tables) {
      Outcome seen = actingForMine("select distinct provider_id::text from " + table);

      assertThat(seen.rows()).as(table).containsExactly(mine.toString());
    }
  }

  @Test
  void nothing_that_is_sent_for_one_provider_reaches_rows_of_another() throws SQLException {
    Map<String, String> before = contents();
    int refused = 0;
    int inVain = 0;

    for (String table : tables) {
      for (String attempt : REFUSED) {
        String sql = fill(attempt, table);
        Outcome outcome = actingForMine(sql);
        assertThat(outcome.state()).as(sql).isEqualTo(NOT_ALLOWED);
        refused++;
      }
      for (String attempt : IN_VAIN) {
        String sql = fill(attempt, table);
        Outcome outcome = actingForMine(sql);
        assertThat(outcome.state()).as(sql).isIn("", NOT_ALLOWED);
        assertThat(outcome.rows()).as(sql).noneMatch(row -> row.contains(foreign.toString()));
        if (sql.startsWith("select 'x'")) {
          assertThat(outcome.rows()).as(sql).isEmpty();
        } else if (sql.startsWith("merge")) {
          assertThat(outcome.changed()).as(sql).isZero();
        }
        inVain++;
      }
    }

    assertThat(contents()).isEqualTo(before);
    String each = " statements on each of %d tables".formatted(tables.size());
    Robustness.row(
        SUBJECT, REFUSED.size() + " writing" + each, refused, "refused; no row changed hands");
    Robustness.row(
        SUBJECT,
        IN_VAIN.size() + " reading and changing" + each,
        inVain,
        "no row of the other provider returned, changed, locked or guessed");
  }

  @Test
  void copy_gives_out_own_rows_only_and_takes_none() throws SQLException {
    for (String table : tables) {
      for (String source : List.of(table, "(select * from " + table + ")")) {
        String copied = copyOut(source);
        assertThat(copied).as(table).contains(mine.toString()).doesNotContain(foreign.toString());
      }
      String state = copyIn(table);
      assertThat(state).as(table).isIn(NOT_ALLOWED, NOT_SUPPORTED);
    }
    Robustness.row(
        SUBJECT, "copy to and from every table", tables.size() * 3L, "own rows only; none taken");
  }

  @Test
  void without_a_provider_there_is_nothing() throws SQLException {
    int tried = 0;
    for (String table : tables) {
      assertThat(outsideOfATransaction("select 1 from " + table).rows()).as(table).isEmpty();
      for (String setting : NOBODY) {
        for (String attempt :
            List.of(
                "select T::text from T",
                "insert into T select * from jsonb_populate_record(null::T, ROW_OF_B)",
                "update T set C = C",
                "delete from T")) {
          String sql = fill(attempt, table);
          Outcome outcome = under(setting, sql);

          assertThat(outcome.state())
              .as("%s under '%s'", sql, setting)
              .isIn("", NOT_ALLOWED, setting.isEmpty() ? NOT_ALLOWED : NO_UUID);
          assertThat(outcome.rows()).as(sql).isEmpty();
          assertThat(outcome.changed()).as(sql).isZero();
          tried++;
        }
      }
    }
    Robustness.row(
        SUBJECT,
        "statements that name no provider, an empty one, or what is none",
        tried,
        "nothing read or changed; no error tells of a row");
  }

  @Test
  void rows_of_another_provider_are_not_locked_either() throws SQLException {
    for (String table : tables) {
      String free = "select 1 from %s where provider_id = '%s' for update nowait";
      String lock = fill("select 1 from T where provider_id = 'B' for update", table);
      try {
        transactions.withConnection(
            mine,
            connection -> {
              Outcome outcome = attempt(connection, lock);
              assertThat(catalogue.strings(free.formatted(table, foreign))).as(table).isNotEmpty();
              throw new RolledBack(outcome);
            });
      } catch (RolledBack e) {
        assertThat(e.outcome.state()).as(table).isIn("", NOT_ALLOWED);
      }
    }
  }

  @Test
  void history_and_audit_trail_can_be_added_to_but_not_changed() {
    for (String sql :
        List.of(
            "update code_application_event set kind = 'x'",
            "delete from code_application_event",
            "update audit_event set action = 'x'",
            "update audit_event set actor = 'x'",
            "update audit_event set at = now()",
            "delete from audit_event")) {
      assertThat(actingForMine(sql).state()).as(sql).isEqualTo(NOT_ALLOWED);
    }
  }

  private Map<String, String> contents() throws SQLException {
    Map<String, String> contents = new LinkedHashMap<>();
    for (String table : tables) {
      for (ProviderId provider : List.of(mine, foreign)) {
        contents.put(
            table + " of " + provider,
            catalogue
                .strings(
                    "select t::text from %s t where provider_id = '%s'".formatted(table, provider))
                .toString());
      }
    }
    return contents;
  }

  private String fill(String attempt, String table) throws SQLException {
    String column = catalogue.columns(table).getLast().name();
    String key =
        String.join(
            ", ",
            catalogue.strings(
                """
                select a.attname from pg_constraint c
                  cross join unnest(c.conkey) with ordinality k(num, n)
                  join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num
                where c.conrelid = ?::regclass and c.contype = 'p' order by k.n
                """,
                table));
    return attempt
        .replaceAll("\\bT(?=\\b|_)", table)
        .replaceAll("\\bC\\b", column)
        .replace("KEY", key)
        .replace("'A'", "'" + mine + "'")
        .replace("'B'", "'" + foreign + "'")
        .replace(
            "ROW_OF_A_AS_B",
            json(row(table, mine)) + " || '{\"provider_id\": \"" + foreign + "\"}'")
        .replace("ROW_OF_B", json(row(table, foreign)));
  }

  private String row(String table, ProviderId provider) throws SQLException {
    return catalogue
        .strings("select to_jsonb(t) from %s t where provider_id = '%s'".formatted(table, provider))
        .getFirst();
  }

  private static String json(String row) {
    return "'" + row.replace("'", "''") + "'::jsonb";
  }

  private Outcome actingForMine(String sql) {
    try {
      transactions.withConnection(
          mine,
          connection -> {
            throw new RolledBack(attempt(connection, sql));
          });
      throw new IllegalStateException("was to be rolled back");
    } catch (RolledBack e) {
      return e.outcome;
    }
  }

  private Outcome outsideOfATransaction(String sql) throws SQLException {
    try (Connection connection = api.getConnection()) {
      return attempt(connection, sql);
    }
  }

  private Outcome under(String setting, String sql) throws SQLException {
    try (Connection connection = api.getConnection()) {
      connection.setAutoCommit(false);
      try (var set = connection.prepareStatement("select set_config('yima.provider', ?, true)")) {
        set.setString(1, setting);
        set.execute();
        return attempt(connection, sql);
      } finally {
        connection.rollback();
      }
    }
  }

  private Outcome attempt(Connection connection, String sql) {
    try (Statement statement = connection.createStatement()) {
      List<String> rows = new ArrayList<>();
      if (statement.execute(sql)) {
        try (ResultSet row = statement.getResultSet()) {
          while (row.next()) {
            rows.add(String.valueOf(row.getString(1)));
          }
        }
      }
      return new Outcome("", rows, Math.max(0, statement.getUpdateCount()));
    } catch (SQLException e) {
      // What a refusal says must not be what was to be kept.
      assertThat(e.getMessage()).as(sql).doesNotContain("rls-");
      return new Outcome(e.getSQLState(), List.of(), 0);
    }
  }

  private String copyOut(String source) {
    return transactions.withConnection(
        mine,
        connection -> {
          StringWriter out = new StringWriter();
          try {
            connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("copy " + source + " to stdout", out);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return out.toString();
        });
  }

  private String copyIn(String table) throws SQLException {
    String theirs = copyOfTheirs(table);
    try {
      transactions.withConnection(
          mine,
          connection -> {
            throw new RolledBack(new Outcome(copyIn(connection, table, theirs), List.of(), 0));
          });
      throw new IllegalStateException("was to be rolled back");
    } catch (RolledBack e) {
      return e.outcome.state();
    }
  }

  private static String copyIn(Connection connection, String table, String rows) {
    try {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("copy " + table + " from stdin", new StringReader(rows));
      return "taken";
    } catch (SQLException e) {
      return e.getSQLState();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String copyOfTheirs(String table) throws SQLException {
    StringWriter out = new StringWriter();
    try {
      catalogue
          .connection()
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyOut(
              "copy (select * from %s where provider_id = '%s') to stdout"
                  .formatted(table, foreign),
              out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }
}
