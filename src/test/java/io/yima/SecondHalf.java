package io.yima;

import org.junit.platform.suite.api.ExcludePackages;
import org.junit.platform.suite.api.IncludeEngines;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** Every room that the {@link FirstHalf} does not name, new ones too. */
@Suite
@IncludeEngines("junit-jupiter")
@SelectPackages("io.yima")
@ExcludePackages({
  "io.yima.activations",
  "io.yima.codes",
  "io.yima.database",
  "io.yima.lookups",
  "io.yima.packages",
  "io.yima.quota",
  "io.yima.readiness",
  "io.yima.security"
})
class SecondHalf {}
