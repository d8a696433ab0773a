package io.yima.database;

import io.yima.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The schema as PostgreSQL's catalogue tells it, read as superuser, whom no policy binds. Tests
 * that go by it cover a table from the migration on that creates it.
 */
final class Catalogue implements AutoCloseable {

  /** Readable before a tenant is known, hence without a policy; they hold nothing secret. */
  static final List<String> DIRECTORY = List.of("provider", "api_key");

  private static final String WITH_PROVIDER =
      """
      select c.relname from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'provider_id'
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and not a.attisdropped
      order by c.relname
      """;

  private static final String COLUMNS =
      """
      select a.attnum, a.attname, format_type(a.atttypid, a.atttypmod) as type,
        a.attnotnull and not a.atthasdef as required
      from pg_attribute a
      where a.attrelid = ?::regclass and a.attnum > 0 and not a.attisdropped
      order by a.attnum
      """;

  private static final String CHECKS =
      """
      select pg_get_constraintdef(oid) as definition from pg_constraint
      where conrelid = ?::regclass and contype = 'c' and ?::smallint = any (conkey)
      """;

  private static final String REFERENCES =
      """
      select r.conname, r.confrelid::regclass::text as parent,
        (select array_agg(a.attname::text order by k.n) from unnest(r.conkey) with ordinality k(num, n)
          join pg_attribute a on a.attrelid = r.conrelid and a.attnum = k.num) as columns,
        (select array_agg(a.attname::text order by k.n) from unnest(r.confkey) with ordinality k(num, n)
          join pg_attribute a on a.attrelid = r.confrelid and a.attnum = k.num) as parent_columns
      from pg_constraint r
      where r.conrelid = ?::regclass and r.contype = 'f'
      order by r.conname
      """;

  /**
   * @param required must be given a value
   */
  record Column(int number, String name, String type, boolean required) {}

  record Reference(String name, String parent, List<String> columns, List<String> parentColumns) {}

  private final Connection connection;

  Catalogue() throws SQLException {
    connection =
        DriverManager.getConnection(
            TestDatabase.server().jdbcUrl(), "postgres", TestDatabase.server().password());
  }

  Connection connection() {
    return connection;
  }

  /** The tables that belong to tenants: those with a provider_id, but the directory. */
  List<String> tenantTables() throws SQLException {
    return strings(WITH_PROVIDER).stream().filter(table -> !DIRECTORY.contains(table)).toList();
  }

  List<Column> columns(String table) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(COLUMNS)) {
      select.setString(1, table);
      try (ResultSet row = select.executeQuery()) {
        List<Column> columns = new ArrayList<>();
        while (row.next()) {
          columns.add(
              new Column(
                  row.getInt("attnum"),
                  row.getString("attname"),
                  row.getString("type"),
                  row.getBoolean("required")));
        }
        return columns;
      }
    }
  }

  /** The definitions of the checks that a column is in. */
  List<String> checks(String table, Column column) throws SQLException {
    return strings(CHECKS, table, column.number());
  }

  List<Reference> references(String table) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(REFERENCES)) {
      select.setString(1, table);
      try (ResultSet row = select.executeQuery()) {
        List<Reference> references = new ArrayList<>();
        while (row.next()) {
          references.add(
              new Reference(
                  row.getString("conname"),
                  row.getString("parent"),
                  List.of((String[]) row.getArray("columns").getArray()),
                  List.of((String[]) row.getArray("parent_columns").getArray())));
        }
        return references;
      }
    }
  }

  /** The first column of each row, as text. */
  List<String> strings(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        select.setObject(i + 1, parameters[i]);
      }
      try (ResultSet row = select.executeQuery()) {
        List<String> strings = new ArrayList<>();
        while (row.next()) {
          strings.add(row.getString(1));
        }
        return strings;
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
