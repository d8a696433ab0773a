package io.yima.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class RowLevelSecurityTest {

  private static final String TENANT_TABLES_WITHOUT_POLICY =
      """
      select c.relname from pg_class c
        join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'provider_id'
      where c.relkind in ('r', 'p')
        and not (c.relrowsecurity and c.relforcerowsecurity
          and exists (select 1 from pg_policy p where p.polrelid = c.oid))
      order by c.relname
      """;

  @Inject AgroalDataSource api;

  @Test
  void every_tenant_table_but_the_key_directory_forces_row_level_security() throws SQLException {
    assertThat(strings(TENANT_TABLES_WITHOUT_POLICY)).containsExactly("api_key");
  }

  @Test
  void the_pool_works_as_the_bound_role() throws SQLException {
    assertThat(strings("select current_user::text")).containsExactly(DatabaseRoles.API);
  }

  private List<String> strings(String query) throws SQLException {
    try (Connection connection = api.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> strings = new ArrayList<>();
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
      return strings;
    }
  }
}
