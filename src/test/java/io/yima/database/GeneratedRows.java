package io.yima.database;

import io.yima.database.Catalogue.Column;
import io.yima.database.Catalogue.Reference;
import io.yima.tenancy.ProviderId;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Puts a row of one provider into every table, out of nothing but the catalogue: types give values,
 * foreign keys take those of the row they point to, and what a check demands is found by trying the
 * constants it names.
 */
final class GeneratedRows {

  private static final Pattern TEXT_CONSTANT = Pattern.compile("'([^']*)'");
  private static final Pattern NUMBER = Pattern.compile("\\b\\d+\\b");
  private static final int MOST_TRIES = 5_000;

  private final Catalogue catalogue;
  private final ProviderId provider;
  private final Map<String, Map<String, String>> rows = new HashMap<>();

  private GeneratedRows(Catalogue catalogue, ProviderId provider) {
    this.catalogue = catalogue;
    this.provider = provider;
  }

  /** Fails with the table's name where a row of it cannot be guessed. */
  static void insert(Catalogue catalogue, ProviderId provider) throws SQLException {
    GeneratedRows rows = new GeneratedRows(catalogue, provider);
    catalogue.connection().setAutoCommit(false);
    rows.insert("provider");
    for (String table : catalogue.tenantTables()) {
      rows.insert(table);
    }
    catalogue.connection().commit();
    catalogue.connection().setAutoCommit(true);
  }

  private void insert(String table) throws SQLException {
    if (rows.containsKey(table)) {
      return;
    }
    rows.put(table, Map.of());
    Map<String, String> given = new HashMap<>();
    for (Reference reference : catalogue.references(table)) {
      insert(reference.parent());
      for (int i = 0; i < reference.columns().size(); i++) {
        String value = rows.get(reference.parent()).get(reference.parentColumns().get(i));
        given.put(reference.columns().get(i), value);
      }
    }
    given.put("provider_id", provider.toString());
    if (table.equals("provider")) {
      given.put("id", provider.toString());
      // Its secrets do not open: the loops that other tests run must leave it alone.
      given.put("status", "ARCHIVED");
    }
    rows.put(table, insert(table, given));
  }

  private Map<String, String> insert(String table, Map<String, String> given) throws SQLException {
    Map<Column, List<String>> candidates = new LinkedHashMap<>();
    for (Column column : catalogue.columns(table)) {
      if (given.containsKey(column.name())) {
        candidates.put(column, List.of(given.get(column.name())));
      } else if (column.required()) {
        candidates.put(column, candidates(table, column));
      }
    }
    String refusal = "nothing was tried";
    for (Map<Column, String> row : combinations(candidates)) {
      Savepoint before = catalogue.connection().setSavepoint();
      try {
        return tryInsert(table, row);
      } catch (SQLException e) {
        catalogue.connection().rollback(before);
        refusal = e.getMessage();
      }
    }
    throw new AssertionError(
        "No row of %s could be made up from the catalogue. Teach GeneratedRows its values, so that the tests of row level security cover it: %s"
            .formatted(table, refusal));
  }

  private Map<String, String> tryInsert(String table, Map<Column, String> row) throws SQLException {
    List<String> names = row.keySet().stream().map(Column::name).toList();
    List<String> casts = row.keySet().stream().map(c -> "cast(? as " + c.type() + ")").toList();
    String sql =
        "insert into %s (%s) values (%s)"
            .formatted(table, String.join(", ", names), String.join(", ", casts));
    try (PreparedStatement insert = catalogue.connection().prepareStatement(sql)) {
      int position = 1;
      Map<String, String> values = new HashMap<>();
      for (Map.Entry<Column, String> value : row.entrySet()) {
        insert.setString(position++, value.getValue());
        values.put(value.getKey().name(), value.getValue());
      }
      insert.executeUpdate();
      return values;
    }
  }

  private List<String> candidates(String table, Column column) throws SQLException {
    Set<String> candidates = new LinkedHashSet<>();
    candidates.add(value(table, column));
    for (String check : catalogue.checks(table, column)) {
      Pattern constant = column.type().equals("text") ? TEXT_CONSTANT : NUMBER;
      constant
          .matcher(check)
          .results()
          .map(match -> match.group(match.groupCount()))
          .forEach(candidates::add);
    }
    return List.copyOf(candidates);
  }

  private static String value(String table, Column column) {
    return switch (column.type()) {
      case "uuid" -> UUID.randomUUID().toString();
      case "text" -> "rls-" + random();
      case "bytea" -> "\\x" + random();
      case "boolean" -> "false";
      case "smallint", "integer", "bigint", "numeric", "double precision" -> "1";
      case "timestamp with time zone", "date" -> "2026-01-01";
      case "interval" -> "1 hour";
      case "jsonb" -> "{}";
      case "text[]", "integer[]", "bigint[]", "uuid[]" -> "{}";
      default ->
          throw new AssertionError(
              "Teach GeneratedRows a value of type %s, for %s.%s"
                  .formatted(column.type(), table, column.name()));
    };
  }

  private static String random() {
    byte[] bytes = new byte[8];
    RandomGenerator.getDefault().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static List<Map<Column, String>> combinations(Map<Column, List<String>> candidates) {
    List<Map<Column, String>> combinations = new ArrayList<>(List.of(new LinkedHashMap<>()));
    for (Map.Entry<Column, List<String>> column : candidates.entrySet()) {
      List<Map<Column, String>> longer = new ArrayList<>();
      for (Map<Column, String> combination : combinations) {
        for (String value : column.getValue()) {
          Map<Column, String> one = new LinkedHashMap<>(combination);
          one.put(column.getKey(), value);
          longer.add(one);
        }
      }
      combinations = longer.subList(0, Math.min(longer.size(), MOST_TRIES));
    }
    return combinations;
  }
}
