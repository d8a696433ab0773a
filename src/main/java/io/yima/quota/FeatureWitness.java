package io.yima.quota;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.yima.database.Columns;
import io.yima.database.DatabaseFailed;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatResult;
import io.yima.work.StorableText;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what WeChat's answers tell of an account's feature where nothing else of them is kept.
 * Scans come by the thousand, and one in a minute tells as much as all of them.
 */
@ApplicationScoped
public class FeatureWitness {

  private static final Logger LOG = Logger.getLogger(FeatureWitness.class);
  private static final int NO_FEATURE = 48001;

  /** What only whoever looks at the request itself can object to: every gate was passed. */
  private static final Set<Integer> REQUEST =
      Set.of(40002, 40003, 40097, 44002, 47001, 43001, 43002, 43003);

  private static final Duration OFTEN_ENOUGH = Duration.ofMinutes(1);
  private static final int MOST = 10_000;

  private static final String SERVED =
      """
      update api_quota set served_at = ?
      where provider_id = ? and authorizer_appid = ? and api = ?
      """;

  private static final String REFUSED =
      """
      update api_quota set refused_at = ?, refusal = ?
      where provider_id = ? and authorizer_appid = ? and api = ?
      """;

  private final ProviderTransactions transactions;
  private final Clock clock;
  private final Cache<Subject, Boolean> told =
      Caffeine.newBuilder().expireAfterWrite(OFTEN_ENOUGH).maximumSize(MOST).build();

  private record Subject(AuthorizerId merchant, String api) {}

  FeatureWitness(ProviderTransactions transactions, Clock clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /** After a call of the family that was counted, and so has its row. */
  void saw(AuthorizerId merchant, String api, WeChatResult<?> result) {
    switch (result) {
      case WeChatResult.Success<?> _ -> served(new Subject(merchant, api));
      case WeChatResult.Failed<?>(Failure failure) when failure.error().api().equals(api) -> {
        Integer errcode = failure.error().errcode();
        if (errcode != null && errcode == NO_FEATURE) {
          refused(new Subject(merchant, api), failure.error().errmsg());
        } else if (passedEveryGate(failure)) {
          served(new Subject(merchant, api));
        }
      }
      case WeChatResult.Failed<?> _ -> {}
    }
  }

  /** Whether WeChat looked at what was asked, which it does behind every gate. */
  public static boolean passedEveryGate(Failure failure) {
    Integer errcode = failure.error().errcode();
    return errcode != null && REQUEST.contains(errcode);
  }

  private void served(Subject subject) {
    if (isNews(subject, true)) {
      write(SERVED, subject, null);
    }
  }

  private void refused(Subject subject, String errmsg) {
    if (isNews(subject, false)) {
      write(REFUSED, subject, errmsg);
    }
  }

  private boolean isNews(Subject subject, boolean served) {
    Boolean before = told.asMap().put(subject, served);
    return before == null || before != served;
  }

  private void write(String statement, Subject subject, @Nullable String errmsg) {
    Instant now = clock.instant();
    try {
      update(statement, subject, errmsg, now);
    } catch (DatabaseFailed e) {
      // What WeChat answered, perhaps to a ticket that is good for one exchange, is not lost for
      // it.
      LOG.warn("What WeChat's answer tells of a merchant's feature could not be kept", e);
    }
  }

  private void update(String statement, Subject subject, @Nullable String errmsg, Instant now) {
    transactions.withConnection(
        subject.merchant().provider(),
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(statement)) {
            int next = 1;
            update.setObject(next++, Columns.of(now));
            if (errmsg != null) {
              update.setString(next++, StorableText.errmsg(errmsg));
            }
            update.setObject(next++, subject.merchant().provider().value());
            update.setString(next++, subject.merchant().authorizerAppid());
            update.setString(next, subject.api());
            return update.executeUpdate();
          }
        });
  }
}
