package io.yima.testsupport;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.yima.database.Ids;
import io.yima.secrets.Secret;
import io.yima.security.ApiKeySecret;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Puts providers and their keys straight into the directory tables. */
@Singleton
public class Keys {

  private final AgroalDataSource dataSource;
  private final AgroalDataSource worker;

  Keys(AgroalDataSource dataSource, @DataSource("worker") AgroalDataSource worker) {
    this.dataSource = dataSource;
    this.worker = worker;
  }

  /** An appid that no other test has. */
  public static String newAppid() {
    return "wx" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
  }

  /** A provider with a component whose secrets do not open; returns its component_appid. */
  public String newProvider() {
    String componentAppid = newAppid();
    UUID id = Ids.next();
    run(
        """
        insert into provider (id, component_appid, name, status, created_at, version)
        values (?, ?, 'Test', 'ACTIVE', now(), 0)
        """,
        id,
        componentAppid);
    // Whoever works off what is due, in whichever test, finds a whole provider.
    run(
        worker,
        """
        insert into component (provider_id, component_appsecret, message_token, encoding_aes_key)
        values (?, '', '', '')
        """,
        id);
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

  /** A key of the provider for these merchants only. */
  public String newRestrictedKey(
      String componentAppid, List<String> authorizerAppids, String... scopes) {
    String key = newKey(componentAppid, scopes);
    run(
        "update api_key set authorizer_appids = ? where secret_sha256 = ?",
        authorizerAppids.toArray(String[]::new),
        ApiKeySecret.sha256(Secret.of(key)));
    return key;
  }

  /** Archives the provider, as an operator would. */
  public void archive(String componentAppid) {
    run("update provider set status = 'ARCHIVED' where component_appid = ?", componentAppid);
  }

  /** A merchant of the provider, as if it had authorized it; returns its appid. */
  public String newAuthorizer(String componentAppid) {
    String appid = newAppid();
    for (String sql :
        List.of(
            """
            insert into authorizer (provider_id, authorizer_appid, status, mini_program,
              permission_sets, authorized_at, version)
            select id, ?, 'ACTIVE', false, '{1,46}', now(), 0 from provider where component_appid = ?
            """,
            """
            insert into authorizer_token (provider_id, authorizer_appid, bucket)
            select id, ?, 1 from provider where component_appid = ?
            """)) {
      run(worker, sql, appid, componentAppid);
    }
    return appid;
  }

  private void run(String sql, Object... parameters) {
    run(dataSource, sql, parameters);
  }

  private static void run(AgroalDataSource pool, String sql, Object... parameters) {
    try (Connection connection = pool.getConnection();
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
