package io.yima.activations;

import io.yima.activations.Account.Stage;
import io.yima.codes.ApplicationKey;
import io.yima.codes.CodeApplications;
import io.yima.codes.ReadyRanges;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.ApplicationStatus.CodeRange;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Accounts for all codes of an application, in one query however many ranges there are. */
@ApplicationScoped
class Accounts {

  /** The application first, then what was done with its codes, from the first stage to the last. */
  private static final String QUERY =
      """
      select 0 as step, code_count as code_start, 0 as code_end,
        case state when 'FINISHED' then code_generate_list end as ranges
      from code_application
      where provider_id = ? and authorizer_appid = ? and isv_application_id = ?
      union all
      select 1, code_start, code_end, null
      from code_package
      where provider_id = ? and authorizer_appid = ? and isv_application_id = ?
        and state = 'STORED'
      union all
      select case state when 'ACTIVATED' then 2 else 3 end, code_start, code_end, null
      from code_activation_slice
      where provider_id = ? and authorizer_appid = ? and isv_application_id = ?
        and state in ('ACTIVATING', 'ACTIVATED')
      order by step, code_start
      """;

  private static final int DOWNLOADED = 1;
  private static final int ACTIVATED = 2;

  private final ProviderTransactions transactions;

  Accounts(ProviderTransactions transactions) {
    this.transactions = transactions;
  }

  /** Throws the 404 when there is no such application. */
  Account of(ApplicationKey key) {
    return transactions.query(
        key.provider(), QUERY, (query, first) -> bind(query, first, key), Accounts::read);
  }

  private static void bind(PreparedStatement query, int first, ApplicationKey key)
      throws SQLException {
    key.bind(query, key.bind(query, key.bind(query, first)));
  }

  private static Account read(ResultSet rows) throws SQLException {
    if (!rows.next()) {
      throw CodeApplications.notFound();
    }
    Account account = new Account(rows.getLong("code_start"));
    String ready = rows.getString("ranges");
    if (ready != null) {
      ReadyRanges.read(ready).forEach(range -> account.reached(Stage.GENERATED, range));
    }
    while (rows.next()) {
      CodeRange range = new CodeRange(rows.getLong("code_start"), rows.getLong("code_end"));
      switch (rows.getInt("step")) {
        case DOWNLOADED -> account.reached(Stage.DOWNLOADED, range);
        case ACTIVATED -> account.reached(Stage.ACTIVATED, range);
        default -> account.activating(range);
      }
    }
    return account;
  }
}
