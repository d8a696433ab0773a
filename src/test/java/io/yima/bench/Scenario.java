package io.yima.bench;

import java.util.List;

/** One thing that is measured. */
interface Scenario {

  /** Stable and short, for {@code -Dbench.only}. */
  String id();

  /** Measures it and tells the rows that it fills. */
  List<Row> run(Stage stage) throws Exception;
}
