package io.yima.tenancy;

import io.agroal.api.AgroalDataSource;
import io.yima.database.DatabaseFailed;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** Finds the tenant behind a component_appid, which has to work before any tenant is known. */
@ApplicationScoped
public class ProviderDirectory {

  private static final String FIND =
      "select id, component_appid, name, status from provider where component_appid = ?";

  private final AgroalDataSource dataSource;
  private final ConnectionShares shares;

  ProviderDirectory(AgroalDataSource dataSource, ConnectionShares shares) {
    this.dataSource = dataSource;
    this.shares = shares;
  }

  /** The provider, archived ones included; empty when nobody has this component_appid. */
  public Optional<ProviderEntry> find(String componentAppid) {
    return AuthorizerId.isAppid(componentAppid)
        ? shares.lookUp(componentAppid, () -> lookUp(componentAppid))
        : Optional.empty();
  }

  private Optional<ProviderEntry> lookUp(String componentAppid) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement select = connection.prepareStatement(FIND)) {
      select.setString(1, componentAppid);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(entry(row)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new DatabaseFailed(e);
    }
  }

  private static ProviderEntry entry(ResultSet row) throws SQLException {
    return new ProviderEntry(
        new ProviderId(row.getObject("id", UUID.class)),
        row.getString("component_appid"),
        row.getString("name"),
        "ARCHIVED".equals(row.getString("status")));
  }
}
