package io.yima.packaged;

import io.yima.database.DatabaseRoles;
import io.yima.database.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * What PostgreSQL itself remembers of claims and write-backs of tokens: two triggers that a test
 * adds to the database of a run, so that nodes are not the witnesses of their own doings.
 */
final class LeaseJournal {

  /** Stands for the platform itself where merchants have their appid. */
  static final String COMPONENT = "component";

  private static final String TRIGGERS =
      """
      create table lease_journal (
        id bigint generated always as identity primary key,
        at timestamptz not null default clock_timestamp(),
        kind text not null,
        subject text not null,
        generation bigint not null,
        node text not null default current_setting('application_name'),
        lease_until timestamptz);

      create function journal_lease() returns trigger
        language plpgsql security definer set search_path = public as $$
      begin
        if new.generation <> old.generation and new.lease_owner is not null then
          insert into lease_journal (kind, subject, generation, lease_until)
          values ('claim', coalesce(to_jsonb(new) ->> 'authorizer_appid', 'component'),
            new.generation, new.lease_until);
        elsif new.generation = old.generation
            and new.access_token is distinct from old.access_token then
          insert into lease_journal (kind, subject, generation)
          values ('write', coalesce(to_jsonb(new) ->> 'authorizer_appid', 'component'),
            new.generation);
        end if;
        return null;
      end $$;

      create trigger journal_lease after update on authorizer_token
        for each row execute function journal_lease();
      create trigger journal_lease after update on component
        for each row execute function journal_lease();
      """;

  /** A node took a row for itself until some instant. */
  record Claim(Instant at, String subject, long generation, String node, Instant until) {}

  /** A node stored a token in a row that had this generation. */
  record Write(Instant at, String subject, long generation, String node) {}

  record Entries(List<Claim> claims, List<Write> writes) {}

  /** An order as the ledger has it. */
  record Ordered(String merchant, String id, String state, long applicationId) {}

  private final PackagedYima yima;

  private LeaseJournal(PackagedYima yima) {
    this.yima = yima;
  }

  /** Begins to keep it; the tables have to be there. */
  static LeaseJournal begin(PackagedYima yima) throws SQLException {
    LeaseJournal journal = new LeaseJournal(yima);
    try (Connection connection = journal.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(TRIGGERS);
    }
    return journal;
  }

  Entries entries() throws SQLException {
    Entries entries = new Entries(new ArrayList<>(), new ArrayList<>());
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select * from lease_journal order by id")) {
      while (row.next()) {
        Instant at = instant(row, "at");
        String subject = row.getString("subject");
        long generation = row.getLong("generation");
        String node = row.getString("node");
        if (row.getString("kind").equals("claim")) {
          Instant until = instant(row, "lease_until");
          entries.claims().add(new Claim(at, subject, generation, node, until));
        } else {
          entries.writes().add(new Write(at, subject, generation, node));
        }
      }
    }
    return entries;
  }

  List<Ordered> ledger() throws SQLException {
    List<Ordered> ledger = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("set role " + DatabaseRoles.WORKER);
      try (ResultSet row =
          statement.executeQuery(
              "select authorizer_appid, isv_application_id, state, application_id"
                  + " from code_application")) {
        while (row.next()) {
          ledger.add(
              new Ordered(row.getString(1), row.getString(2), row.getString(3), row.getLong(4)));
        }
      }
    }
    return ledger;
  }

  private Connection connect() throws SQLException {
    EmbeddedPostgres database = yima.database();
    return DriverManager.getConnection(
        database.jdbcUrl(), database.username(), database.password());
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
