package io.yima.quota;

import io.yima.authorizer.AuthorizerStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Whether WeChat may be called for a row, as its claim found it.
 *
 * @param status the merchant's
 * @param grant whether the call that is next is within the quota; counts only where none of the
 *     others stands in its way
 */
public record Clearance(
    boolean providerArchived, AuthorizerStatus status, boolean marketingCodeSet, Grant grant) {

  /** Reads what {@link ClaimedCalls#CLEARANCE} names, of a claim at this instant. */
  public static Clearance read(ResultSet row, Instant now) throws SQLException {
    return new Clearance(
        row.getBoolean("archived"),
        AuthorizerStatus.valueOf(row.getString("authorizer_status")),
        row.getBoolean("marketing_code_set"),
        Grant.read(row, now));
  }

  /** Whether nothing but the quota can stand in the way. */
  public boolean servable() {
    return !providerArchived && status == AuthorizerStatus.ACTIVE && marketingCodeSet;
  }

  /** The day in Shanghai on which the call was counted. */
  public LocalDate countedOn() {
    return grant.countedOn();
  }
}
