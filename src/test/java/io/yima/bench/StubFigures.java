package io.yima.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * What arrived at the stub since it was last reset.
 *
 * @param calls calls that were answered
 * @param nanos from the arrival of the first call to the answer of the last one
 * @param merchants how many different merchants were asked for
 * @param repeated calls for a merchant who had been answered before
 * @param overlaps calls that arrived while another one for the same merchant was under way
 * @param mostInFlight the most calls that were under way at once
 * @param firstAt when the first call arrived, in milliseconds of the epoch; 0 when none did
 * @param lastAt when the last call was answered, likewise
 */
@JsonNaming(SnakeCaseStrategy.class)
record StubFigures(
    long calls,
    long nanos,
    int merchants,
    long repeated,
    long overlaps,
    int mostInFlight,
    long firstAt,
    long lastAt) {

  /** Answers per second, from the first arrival to the last answer. */
  double rate() {
    return nanos == 0 ? 0 : calls * 1e9 / nanos;
  }
}
