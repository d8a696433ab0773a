package io.yima.authorizer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;

/** What comparisons with WeChat find out of step with our records; for the log and a metric. */
@Startup
@Singleton
class ReconcileFindings {

  private static final Logger LOG = Logger.getLogger(ReconcileFindings.class);

  /** A label of the metric, in small letters. */
  enum Finding {
    /** WeChat lists a merchant who was not known here. */
    AUTHORIZATION_MISSED,
    /** WeChat's list has the refresh token that was missing here. */
    REFRESH_TOKEN_RECOVERED,
    /** A merchant withdrew, and no push told. */
    REVOCATION_MISSED,
    /** A merchant who was given up here has a token that works. */
    AUTHORIZATION_RESTORED,
    /** Permission set 46 is granted, and no push told. */
    MARKETING_CODES_GRANTED,
    /** Permission set 46 is granted no more, and no push told. */
    MARKETING_CODES_WITHDRAWN,
    /** Nothing could be learnt about a merchant, however often WeChat was asked. */
    UNANSWERED
  }

  private final Map<Finding, Counter> counters = new EnumMap<>(Finding.class);

  ReconcileFindings(MeterRegistry metrics) {
    for (Finding finding : Finding.values()) {
      counters.put(
          finding,
          Counter.builder("yima_reconcile_findings")
              .description("What comparisons with WeChat's list found out of step")
              .tag("finding", finding.name().toLowerCase(Locale.ROOT))
              .register(metrics));
    }
  }

  /** Of a page of WeChat's list. */
  void listed(ProviderId provider, ListedRows.Stored stored) {
    found(provider, Finding.AUTHORIZATION_MISSED, stored.missed());
    found(provider, Finding.REFRESH_TOKEN_RECOVERED, stored.recovered());
  }

  void found(AuthorizerId id, Finding finding) {
    LOG.warnf("Comparing with WeChat found of %s: %s", id, finding);
    count(finding, 1);
  }

  private void found(ProviderId provider, Finding finding, int merchants) {
    if (merchants > 0) {
      LOG.infof("Comparing with WeChat's list found %s: %d of %s", finding, merchants, provider);
      count(finding, merchants);
    }
  }

  private void count(Finding finding, int merchants) {
    Counter counter = counters.get(finding);
    if (counter != null) {
      counter.increment(merchants);
    }
  }
}
