package io.yima.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What the database did for the nodes so far; two of these subtracted are what a run cost.
 *
 * @param statements what was executed, without the begins and commits around it
 * @param transactionControl begins, commits and the like
 * @param claims claims of merchants' tokens, as statements
 * @param claimed rows that they returned
 * @param claimMillis time that they took
 * @param hotUpdates new versions of rows with merchants' tokens that touched no index; told late
 * @param walBytes write-ahead log, of everything in the server
 */
record DatabaseFigures(
    double statements,
    double transactionControl,
    double claims,
    double claimed,
    double claimMillis,
    double hotUpdates,
    double walBytes) {

  private static final String READ =
      """
      with asked as (
        select s.query, s.calls, s.rows, s.total_exec_time,
          s.query ~* '^\\s*(begin|start transaction|commit|rollback|set|discard)\\M' as control,
          s.query ~* 'skip locked' and s.query ~* 'update authorizer_token' as claim
        from pg_stat_statements s join pg_roles r on r.oid = s.userid
          join pg_database d on d.oid = s.dbid
        where r.rolname <> 'postgres' and d.datname = current_database())
      select
        coalesce(sum(calls) filter (where not control), 0),
        coalesce(sum(calls) filter (where control), 0),
        coalesce(sum(calls) filter (where claim), 0),
        coalesce(sum(rows) filter (where claim), 0),
        coalesce(sum(total_exec_time) filter (where claim), 0),
        (select n_tup_hot_upd from pg_stat_all_tables where relname = 'authorizer_token'),
        pg_current_wal_insert_lsn() - '0/0'
      from asked
      """;

  static DatabaseFigures read(BenchDatabase database) {
    return database.with(DatabaseFigures::read);
  }

  private static DatabaseFigures read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(READ)) {
      row.next();
      return new DatabaseFigures(
          row.getDouble(1),
          row.getDouble(2),
          row.getDouble(3),
          row.getDouble(4),
          row.getDouble(5),
          row.getDouble(6),
          row.getDouble(7));
    }
  }

  DatabaseFigures since(DatabaseFigures earlier) {
    return new DatabaseFigures(
        statements - earlier.statements,
        transactionControl - earlier.transactionControl,
        claims - earlier.claims,
        claimed - earlier.claimed,
        claimMillis - earlier.claimMillis,
        hotUpdates - earlier.hotUpdates,
        walBytes - earlier.walBytes);
  }

  /** How long a claim takes in the database. */
  double millisPerClaim() {
    return claims == 0 ? 0 : claimMillis / claims;
  }

  /** Every row that a claim returns is one update; all others move the due time, an index. */
  double hotShareOfClaims() {
    return claimed == 0 ? 0 : Math.min(1, hotUpdates / claimed);
  }
}
