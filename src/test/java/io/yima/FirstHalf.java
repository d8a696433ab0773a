package io.yima;

import org.junit.platform.suite.api.IncludeEngines;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/**
 * The rooms whose tests take about half of the time of all. A JVM runs them while another runs the
 * {@link SecondHalf}, each with one application and a database of its own: so one computes while
 * the other waits.
 */
@Suite
@IncludeEngines("junit-jupiter")
@SelectPackages({
  "io.yima.activations",
  "io.yima.codes",
  "io.yima.database",
  "io.yima.lookups",
  "io.yima.packages",
  "io.yima.quota",
  "io.yima.readiness",
  "io.yima.security"
})
class FirstHalf {}
