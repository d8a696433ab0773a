package io.yima.codes;

import io.yima.secrets.Sha256;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.UUID;

/** What a code application is known by: the merchant and the caller's own id. */
public record ApplicationKey(AuthorizerId authorizer, String isvApplicationId) {

  /** Whether a text can be a caller's id of an application at all. */
  public static boolean isId(String text) {
    return ApplicationRules.isId(text);
  }

  /** The key that an address names; throws the 404 for what can be no order's id. */
  public static ApplicationKey named(AuthorizerId authorizer, String isvApplicationId) {
    if (!isId(isvApplicationId)) {
      throw CodeApplications.notFound();
    }
    return new ApplicationKey(authorizer, isvApplicationId);
  }

  /**
   * The key of an order that brings no id of its own: the same for every repetition with the same
   * {@code Idempotency-Key}, so that a client's retry does not buy a second batch.
   */
  static ApplicationKey derived(AuthorizerId authorizer, String idempotencyKey) {
    String source =
        authorizer.provider() + "\n" + authorizer.authorizerAppid() + "\n" + idempotencyKey;
    return new ApplicationKey(authorizer, "y" + HexFormat.of().formatHex(Sha256.of(source)));
  }

  /** The key in a row that has its three columns. */
  public static ApplicationKey read(ResultSet row) throws SQLException {
    ProviderId provider = new ProviderId(row.getObject("provider_id", UUID.class));
    return new ApplicationKey(
        new AuthorizerId(provider, row.getString("authorizer_appid")),
        row.getString("isv_application_id"));
  }

  /** Whose merchant it is. */
  public ProviderId provider() {
    return authorizer.provider();
  }

  /** Binds its three parts and gives the next parameter's position. */
  public int bind(PreparedStatement statement, int position) throws SQLException {
    statement.setObject(position, provider().value());
    statement.setString(position + 1, authorizer.authorizerAppid());
    statement.setString(position + 2, isvApplicationId);
    return position + 3;
  }
}
