package io.yima.authorizer;

import io.yima.tenancy.AuthorizerId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Instants and merchants as JDBC wants them. */
final class Columns {

  private Columns() {}

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
    return value == null ? null : value.toInstant();
  }

  static @Nullable OffsetDateTime of(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  /**
   * Binds merchants as two arrays, of providers and of appids, from this position on; returns the
   * next position.
   */
  static int bind(PreparedStatement statement, int position, Collection<AuthorizerId> ids)
      throws SQLException {
    Connection connection = statement.getConnection();
    statement.setArray(
        position,
        connection.createArrayOf("uuid", ids.stream().map(id -> id.provider().value()).toArray()));
    statement.setArray(
        position + 1,
        connection.createArrayOf(
            "text", ids.stream().map(AuthorizerId::authorizerAppid).toArray()));
    return position + 2;
  }
}
