package io.yima.database;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jboss.logging.Logger;

/** Stops the start when a pool's role is one that row level security does not bind. */
@ApplicationScoped
class RoleCheck {

  private static final String EFFECTIVE_ROLE =
      """
      select current_user as name, rolsuper or rolbypassrls as unbound,
             exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
                     where n.nspname = current_schema() and c.relkind in ('r', 'p')
                       and pg_has_role(r.oid, c.relowner, 'USAGE'))
               as owner,
             exists (select 1 from pg_roles w
                     where w.rolname = 'yima_worker' and w.oid <> r.oid
                       and pg_has_role(r.oid, w.oid, 'USAGE'))
               as all_seeing
      from pg_roles r where rolname = current_user
      """;

  private static final String LOGIN =
      """
      select session_user as name, rolsuper or rolbypassrls as unbound
      from pg_roles where rolname = session_user
      """;

  private static final Logger LOG = Logger.getLogger(RoleCheck.class);

  private final AgroalDataSource api;
  private final AgroalDataSource worker;

  RoleCheck(AgroalDataSource api, @DataSource("worker") AgroalDataSource worker) {
    this.api = api;
    this.worker = worker;
  }

  void check(@Observes @Priority(5) StartupEvent started) throws SQLException {
    check(api, DatabaseRoles.API);
    check(worker, DatabaseRoles.WORKER);
    warnOfUnboundLogin();
  }

  /** The pools take their roles, but such a login could leave them again: fit for a trial. */
  private void warnOfUnboundLogin() throws SQLException {
    try (Connection connection = worker.getConnection();
        PreparedStatement select = connection.prepareStatement(LOGIN);
        ResultSet row = select.executeQuery()) {
      row.next();
      if (row.getBoolean("unbound")) {
        LOG.warnf(
            "The database login %s is a superuser or has BYPASSRLS: row level security binds only"
                + " the roles that the pools take. Use a login made by deploy/postgresql/roles.sql"
                + " in production.",
            row.getString("name"));
      }
    }
  }

  static void check(AgroalDataSource pool, String expected) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement select = connection.prepareStatement(EFFECTIVE_ROLE);
        ResultSet row = select.executeQuery()) {
      row.next();
      String name = row.getString("name");
      // A policy holds for whoever inherits from its role as well.
      if (!name.equals(expected)
          || row.getBoolean("unbound")
          || row.getBoolean("owner")
          || row.getBoolean("all_seeing")) {
        throw new IllegalStateException(
            "A pool works as role "
                + name
                + ", which row level security does not bind as it must. It has to be "
                + expected
                + ", made by deploy/postgresql/roles.sql: no superuser, no owner of tables, no"
                + " BYPASSRLS, and inherit neither the owner nor yima_worker.");
      }
    }
  }
}
