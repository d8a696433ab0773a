package io.yima.authorizer;

import io.yima.tenancy.AuthorizerId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;

/** Many merchants as parameters of one statement. */
final class MerchantArrays {

  private MerchantArrays() {}

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
