package io.yima.quota;

import io.yima.authorizer.AuthorizerStanding;
import io.yima.database.Columns;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;

/**
 * What the claims of all rooms have alike: the calls that come next are counted together with the
 * claim, before any of them is made, and each row brings with it whether its own may be.
 */
public final class ClaimedCalls {

  /**
   * How many of the calls that are asked for, {@code excluded.calls}, may be made. Nobody's while
   * the interface is parked; those in the background not while it is slowed, and of questions only
   * a share of the limit that is known, but one a day at least: with none nothing would ever move.
   * {@code as_of} has the claim's instant, kind and share.
   */
  private static final String GRANT =
      """
      (case
        when q.blocked_until > (select now from as_of)
          and (q.slow_downs = 0 or (select background from as_of)) then 0
        when q.api = 'applycodequery' and (select background from as_of)
          and q.daily_limit is not null then
          least(excluded.calls, greatest(0,
            greatest(1, floor(q.daily_limit * (select share from as_of)))::bigint -"""
          + ApiQuotas.ELSEWHERE
          + " - "
          + ApiQuotas.CALLS
          + "))\n  else excluded.calls end)";

  /**
   * Follows the rows that are {@code due}, each with a provider, a merchant and the {@code api}
   * that is called next, null for none: makes {@code wanted} of them, and counts that. Rows of
   * quotas are taken in one order, that of {@link QuotaChanges} too, so that no two transactions
   * can wait for each other; whoever comes second sees what the first took.
   */
  public static final String COUNTED =
      """
      , as_of as materialized (
        select ?::timestamptz as now, ?::date as day, ?::boolean as background,
          ?::double precision as share),
      wanted as materialized (
        select due.*, p.status = 'ARCHIVED' as archived, m.status as authorizer_status,
          coalesce(? = any(m.permission_sets), false) as marketing_code_set,
          row_number() over (partition by due.provider_id, due.authorizer_appid, due.api) as number
        from due
          join provider p on p.id = due.provider_id
          join authorizer m
            on m.provider_id = due.provider_id and m.authorizer_appid = due.authorizer_appid),
      counted as (
        insert into api_quota as q (provider_id, authorizer_appid, api, day, calls, granted)
        select provider_id, authorizer_appid, api, (select day from as_of), count(*), count(*)
        from wanted
        where not archived and authorizer_status = 'ACTIVE' and marketing_code_set
          and api is not null
        group by provider_id, authorizer_appid, api
        order by provider_id, authorizer_appid collate "C", api collate "C"
        on conflict on constraint api_quota_pkey do update set
          day = greatest(q.day, excluded.day),
      """
          + "    calls = "
          + ApiQuotas.CALLS
          + " + "
          + GRANT
          + ",\n    granted = "
          + GRANT
          + ",\n    calls_elsewhere = "
          + ApiQuotas.ELSEWHERE
          + """

        returning q.provider_id, q.authorizer_appid, q.api, q.granted, q.blocked_until,
          q.slow_downs)
      """;

  /** Part of an update of what is {@code wanted}: brings the counts to it. */
  public static final String WITH_COUNTS =
      """
        left join counted q
          on q.provider_id = wanted.provider_id and q.authorizer_appid = wanted.authorizer_appid
          and q.api = wanted.api
      """;

  /** What such an update returns for {@link Clearance#read}. */
  public static final String CLEARANCE =
      """
      wanted.archived, wanted.authorizer_status, wanted.marketing_code_set,
      coalesce(wanted.number <= q.granted, false) as granted, q.blocked_until,
      coalesce(q.slow_downs, 0) as slow_downs
      """;

  private ClaimedCalls() {}

  /**
   * Binds what {@link #COUNTED} asks for, and gives the next position.
   *
   * @param background whether nobody waits for the calls
   * @param share of a daily quota that questions in the background may use
   */
  public static int bind(
      PreparedStatement claim, int position, Instant now, boolean background, double share)
      throws SQLException {
    claim.setObject(position, Columns.of(now));
    claim.setObject(position + 1, ShanghaiDay.of(now));
    claim.setBoolean(position + 2, background);
    claim.setDouble(position + 3, share);
    claim.setInt(position + 4, AuthorizerStanding.MARKETING_CODE_SET);
    return position + 5;
  }
}
