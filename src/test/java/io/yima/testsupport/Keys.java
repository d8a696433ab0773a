package io.yima.testsupport;

import io.agroal.api.AgroalDataSource;
import io.yima.database.Ids;
import io.yima.secrets.Secret;
import io.yima.security.ApiKeySecret;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/** Puts providers and their keys straight into the directory tables. */
@Singleton
public class Keys {

  private final AgroalDataSource dataSource;

  Keys(AgroalDataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** An appid that no other test has. */
  public static String newAppid() {
    return "wx" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
  }

  /** A provider without a component; returns its component_appid. */
  public String newProvider() {
    String componentAppid = newAppid();
    run(
        """
        insert into provider (id, component_appid, name, status, created_at, version)
        values (?, ?, 'Test', 'ACTIVE', now(), 0)
        """,
        Ids.next(),
        componentAppid);
    return componentAppid;
  }

  /** A key of the provider with these scopes; returns the key itself. */
  public String newKey(String componentAppid, String... scopes) {
    Secret key = ApiKeySecret.generateProviderKey();
    run(
        """
        insert into api_key (id, provider_id, name, prefix, secret_sha256, scopes, created_at)
        select ?, id, 'test', ?, ?, ?, now() from provider where component_appid = ?
        """,
        Ids.next(),
        ApiKeySecret.shownPart(key),
        ApiKeySecret.sha256(key),
        scopes,
        componentAppid);
    return key.reveal();
  }

  private void run(String sql, Object... parameters) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        Object parameter = parameters[i];
        if (parameter instanceof String[] texts) {
          statement.setArray(i + 1, connection.createArrayOf("text", texts));
        } else {
          statement.setObject(i + 1, parameter);
        }
      }
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
