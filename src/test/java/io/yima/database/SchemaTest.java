package io.yima.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.database.Catalogue.Column;
import io.yima.database.Catalogue.Reference;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.TestDatabase;
import io.yima.testsupport.YimaTestResource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of the house for migrations, asked of the schema that they made. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class SchemaTest {

  private static final String OWN_ROWS =
      "(provider_id = ( SELECT (NULLIF(current_setting('yima.provider'::text, true), ''::text))::uuid"
          + " AS \"nullif\"))";

  /** Tables of no tenant. A new one is either a tenant's or stands here with its reason. */
  private static final Map<String, String> OF_NO_TENANT =
      Map.of(
          "provider", "the directory of tenants; its id is the provider",
          "keyset_canary", "one sealed row that tells a wrong keyset",
          "node", "which processes run, for operators",
          "flyway_schema_history", "which migrations ran; the pools' roles may not read it");

  /** What the pools' roles may do besides select, insert and update, and why. */
  private static final Map<String, String> MORE_RIGHTS =
      Map.of(
          "callback_inbox yima_worker DELETE", "handled pushes are purged after a month",
          "code_package_chunk yima_worker DELETE", "damaged ones make room for others",
          "code_package_object yima_worker DELETE", "named by a package, or deleted for good",
          "audit_event yima_worker DELETE", "events older than the retention are purged",
          "idempotency_key yima_worker DELETE", "answers kept for a day are purged after it",
          "node yima_worker DELETE", "nodes that nobody saw for a week are forgotten");

  /** Append-only: the pools' roles may change nothing, or these columns. */
  private static final Map<String, Set<String>> APPEND_ONLY =
      Map.of(
          "authorizer_event", Set.of(),
          "code_application_event", Set.of(),
          "code_activation", Set.of(),
          "audit_event", Set.of("count", "last_at"));

  private Catalogue catalogue;

  @BeforeEach
  void open() throws SQLException {
    catalogue = new Catalogue();
  }

  @AfterEach
  void close() throws SQLException {
    catalogue.close();
  }

  @Test
  void every_tenant_table_forces_row_level_security_by_the_two_policies_word_for_word()
      throws SQLException {
    for (String table : catalogue.tenantTables()) {
      assertThat(
              catalogue.strings(
                  "select relrowsecurity and relforcerowsecurity from pg_class where oid = ?::regclass",
                  table))
          .as("%s forces row level security", table)
          .containsExactly("t");
      assertThat(
              catalogue.strings(
                  """
                  select concat_ws('; ', policyname, permissive, roles::text, cmd, qual,
                    coalesce(with_check, 'no check'))
                  from pg_policies where schemaname = 'public' and tablename = ? order by policyname
                  """,
                  table))
          .as("policies of %s", table)
          .containsExactly(
              table + "_api; PERMISSIVE; {yima_api}; ALL; " + OWN_ROWS + "; " + OWN_ROWS,
              table + "_worker; PERMISSIVE; {yima_worker}; ALL; true; no check");
    }
    Robustness.row(
        "Row level security",
        "tables with a provider_id, their policies compared word for word",
        catalogue.tenantTables().size(),
        "forced, the two policies and no other");
  }

  @Test
  void every_table_is_a_tenant_s_or_known_to_be_of_none() throws SQLException {
    Set<String> known = new HashSet<>(catalogue.tenantTables());
    known.addAll(Catalogue.DIRECTORY);
    known.addAll(OF_NO_TENANT.keySet());

    assertThat(
            catalogue.strings(
                """
                select relname from pg_class
                where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'f')
                """))
        .as("a table without provider_id needs its reason in OF_NO_TENANT")
        .isSubsetOf(known);
  }

  @Test
  void the_owner_sees_no_row_of_any_tenant() throws SQLException {
    ProviderId provider = ProviderId.next();
    GeneratedRows.insert(catalogue, provider);

    try (Connection owner =
        DriverManager.getConnection(
            TestDatabase.server().jdbcUrl(),
            TestDatabase.server().username(),
            TestDatabase.server().password())) {
      for (String table : catalogue.tenantTables()) {
        assertThat(catalogue.strings("select 1 from " + table)).as(table).isNotEmpty();
        assertThat(first(owner, "select count(*) from " + table)).as(table).isEqualTo("0");
      }
    }
  }

  @Test
  void nothing_in_the_schema_acts_by_itself_or_around_the_policies() throws SQLException {
    assertThat(
            catalogue.strings(
                """
                select relname from pg_class
                where relnamespace = 'public'::regnamespace and relkind not in ('r', 'p', 'i', 'I')
                """))
        .as("views, materialized views, sequences and foreign tables")
        .isEmpty();
    assertThat(
            catalogue.strings(
                "select proname from pg_proc where pronamespace = 'public'::regnamespace"))
        .as("functions and procedures")
        .isEmpty();
    assertThat(catalogue.strings("select tgname from pg_trigger where not tgisinternal"))
        .as("triggers")
        .isEmpty();
    assertThat(catalogue.strings("select evtname from pg_event_trigger")).isEmpty();
    assertThat(
            catalogue.strings(
                """
                select rulename from pg_rules where schemaname = 'public'
                union all
                select pubname from pg_publication
                """))
        .as("rules and publications")
        .isEmpty();
  }

  @Test
  void keys_and_references_of_tenant_tables_begin_with_the_provider() throws SQLException {
    for (String table : catalogue.tenantTables()) {
      assertThat(
              catalogue.strings(
                  """
                  select i.indexrelid::regclass::text from pg_index i
                    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                  where i.indrelid = ?::regclass and i.indisunique and a.attname <> 'provider_id'
                  """,
                  table))
          .as("unique keys of %s by which one tenant could notice another's rows", table)
          .isEmpty();
      assertThat(
              catalogue.strings(
                  "select 1 from pg_index where indrelid = ?::regclass and indisprimary", table))
          .as("primary key of %s", table)
          .hasSize(1);
      for (Reference reference : catalogue.references(table)) {
        assertThat(reference.columns().getFirst()).as(reference.name()).isEqualTo("provider_id");
        assertThat(reference.parentColumns().getFirst())
            .as(reference.name())
            .isEqualTo(reference.parent().equals("provider") ? "id" : "provider_id");
      }
    }
  }

  @Test
  void nobody_may_do_more_than_is_needed() throws SQLException {
    List<String> more =
        catalogue.strings(
            """
            select concat_ws(' ', c.relname, coalesce(r.rolname, 'public'), acl.privilege_type)
            from pg_class c cross join aclexplode(c.relacl) acl
              left join pg_roles r on r.oid = acl.grantee
            where c.relnamespace = 'public'::regnamespace and acl.grantee <> c.relowner
              and (acl.privilege_type not in ('SELECT', 'INSERT', 'UPDATE') or acl.is_grantable
                or coalesce(r.rolname, 'public') not in ('yima_api', 'yima_worker'))
            """);

    assertThat(more)
        .as("rights that are not in MORE_RIGHTS with their reason")
        .containsExactlyInAnyOrderElementsOf(MORE_RIGHTS.keySet());
    for (Map.Entry<String, Set<String>> table : APPEND_ONLY.entrySet()) {
      for (String role : List.of("yima_api", "yima_worker")) {
        assertThat(
                catalogue.strings(
                    """
                    select attname from pg_attribute
                    where attrelid = ?::regclass and attnum > 0
                      and has_column_privilege(?, attrelid, attnum, 'UPDATE')
                    """,
                    table.getKey(),
                    role))
            .as("what %s may change in %s", role, table.getKey())
            .containsExactlyInAnyOrderElementsOf(table.getValue());
      }
    }
    for (String role : List.of("yima_api", "yima_worker")) {
      assertThat(
              catalogue.strings(
                  """
                  select 1 where has_schema_privilege(?, 'public', 'CREATE')
                    or has_database_privilege(?, current_database(), 'CREATE')
                    or has_table_privilege(?, 'flyway_schema_history', 'SELECT')
                  """,
                  role,
                  role,
                  role))
          .as("%s makes nothing", role)
          .isEmpty();
    }
  }

  @Test
  void the_directory_that_everybody_reads_holds_nothing_secret() throws SQLException {
    assertThat(columns("provider"))
        .containsExactly(
            "id", "component_appid", "name", "status", "created_at", "archived_at", "version");
    assertThat(columns("api_key"))
        .as("of a key only the hash")
        .containsExactly(
            "id",
            "provider_id",
            "name",
            "prefix",
            "secret_sha256",
            "scopes",
            "authorizer_appids",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at");
  }

  private List<String> columns(String table) throws SQLException {
    return catalogue.columns(table).stream().map(Column::name).toList();
  }

  private static String first(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (row.next()) {
        values.add(row.getString(1));
      }
      return values.getFirst();
    }
  }
}
