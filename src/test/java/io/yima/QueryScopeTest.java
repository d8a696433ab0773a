package io.yima;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every statement that touches a tenant's table names the provider. Read out of the compiled
 * classes, where constants that were put together from several are one text.
 */
class QueryScopeTest {

  private static final Path CLASSES = Path.of("target", "classes");
  private static final Pattern CREATED =
      Pattern.compile("create table (\\w+) \\((.*?)\\n\\)", Pattern.DOTALL);

  /** What looks across tenants by its nature: whether anything is due, and nodes' leases. */
  private static final Pattern ACROSS_TENANTS =
      Pattern.compile(
          "exists \\(select .*"
              + "|select split_part\\(lease_owner, '/', 1\\) as holder, .*"
              + "|update \\w+ set lease_owner = null, lease_until = null\\s+where lease_owner = \\?.*",
          Pattern.DOTALL);

  @Test
  void every_statement_on_a_tenant_s_table_names_the_provider() throws IOException {
    Pattern statement = touching(tenantTables());
    int statements = 0;

    for (Path file : classes()) {
      for (String text : constants(file)) {
        if (statement.matcher(text.toLowerCase(Locale.ROOT)).find()) {
          statements++;
          assertThat(text)
              .as("a statement of %s", file.getFileName())
              .satisfiesAnyOf(
                  scoped -> assertThat(scoped).contains("provider_id"),
                  general -> assertThat(general.strip()).matches(ACROSS_TENANTS));
        }
      }
    }

    assertThat(statements).as("statements found at all").isGreaterThan(50);
  }

  private static Pattern touching(List<String> tables) {
    return Pattern.compile(
        "\\b(from|join|update|into|using)\\s+(" + String.join("|", tables) + ")\\b");
  }

  /** The tables with a provider_id, by the migrations; the directory of keys is read without. */
  private static List<String> tenantTables() throws IOException {
    List<String> tables = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("db", "migration"))) {
      for (Path file : files.sorted().toList()) {
        Matcher created = CREATED.matcher(Files.readString(file));
        while (created.find()) {
          if (created.group(2).contains("provider_id") && !created.group(1).equals("api_key")) {
            tables.add(created.group(1));
          }
        }
      }
    }
    assertThat(tables).contains("component", "authorizer", "code_application", "audit_event");
    return tables;
  }

  private static List<Path> classes() throws IOException {
    try (Stream<Path> files = Files.walk(CLASSES.resolve("io/yima"))) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .filter(file -> !file.toString().contains("sandbox"))
          .toList();
    }
  }

  private static Set<String> constants(Path file) throws IOException {
    ClassModel model = ClassFile.of().parse(file);
    Set<String> constants = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof StringEntry string) {
        constants.add(string.stringValue());
      }
    }
    return constants;
  }
}
