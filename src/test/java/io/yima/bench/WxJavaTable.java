package io.yima.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import me.chanjar.weixin.open.api.impl.WxOpenInMemoryConfigStorage;

/**
 * What a user of WxJava writes who wants tokens to survive, since the module comes without a
 * storage for databases: reads from memory, and every change also in a row of its own, committed.
 * The module's interface changes access and refresh token in two steps; so there are two.
 */
final class WxJavaTable extends WxOpenInMemoryConfigStorage {

  private static final String CREATE =
      """
      create table if not exists wxjava_token (
        appid text primary key, access_token text, expires_at timestamptz, refresh_token text)
      """;

  private static final String ACCESS =
      """
      insert into wxjava_token (appid, access_token, expires_at)
      values (?, ?, now() + make_interval(secs => ?))
      on conflict (appid) do update
        set access_token = excluded.access_token, expires_at = excluded.expires_at
      """;

  private static final String REFRESH =
      """
      insert into wxjava_token (appid, refresh_token) values (?, ?)
      on conflict (appid) do update set refresh_token = excluded.refresh_token
      """;

  private final DataSource dataSource;

  WxJavaTable(DataSource dataSource) throws SQLException {
    this.dataSource = dataSource;
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(CREATE);
    }
  }

  @Override
  public void updateAuthorizerAccessToken(String appId, String token, int expiresInSeconds) {
    super.updateAuthorizerAccessToken(appId, token, expiresInSeconds);
    try (Connection connection = dataSource.getConnection();
        PreparedStatement write = connection.prepareStatement(ACCESS)) {
      write.setString(1, appId);
      write.setString(2, token);
      write.setInt(3, expiresInSeconds);
      write.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void updateAuthorizerRefreshToken(String appId, String token) {
    super.updateAuthorizerRefreshToken(appId, token);
    try (Connection connection = dataSource.getConnection();
        PreparedStatement write = connection.prepareStatement(REFRESH)) {
      write.setString(1, appId);
      write.setString(2, token);
      write.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
