package io.yima.bench;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;

/** Counts calls. For one thread only: the stub has one, and so needs no lock. */
final class StubTally {

  private final BitSet underWay = new BitSet();
  private final BitSet answered = new BitSet();
  private int[] order = new int[1 << 16];
  private int merchants;
  private long calls;
  private long repeated;
  private long overlaps;
  private int inFlight;
  private int mostInFlight;
  private long firstNanos;
  private long lastNanos;
  private long firstAt;
  private long lastAt;

  /** A call arrives; {@code merchant} is -1 where the call names none. */
  void arrived(int merchant) {
    if (firstAt == 0) {
      firstNanos = System.nanoTime();
      firstAt = System.currentTimeMillis();
    }
    inFlight++;
    mostInFlight = Math.max(mostInFlight, inFlight);
    if (merchant >= 0) {
      if (underWay.get(merchant)) {
        overlaps++;
      }
      underWay.set(merchant);
    }
  }

  void answered(int merchant) {
    inFlight--;
    calls++;
    lastNanos = System.nanoTime();
    lastAt = System.currentTimeMillis();
    if (merchant < 0) {
      return;
    }
    underWay.clear(merchant);
    if (answered.get(merchant)) {
      repeated++;
      return;
    }
    answered.set(merchant);
    if (merchants == order.length) {
      order = Arrays.copyOf(order, 2 * merchants);
    }
    order[merchants++] = merchant;
  }

  /** Forgets everything but the calls that are under way. */
  void reset() {
    answered.clear();
    merchants = 0;
    calls = 0;
    repeated = 0;
    overlaps = 0;
    mostInFlight = inFlight;
    firstAt = 0;
    firstNanos = 0;
    lastNanos = 0;
    lastAt = 0;
  }

  /** How many of the first so many merchants that were answered have a number below it. */
  int amongTheFirst(int count) {
    int found = 0;
    for (int i = 0; i < Math.min(count, merchants); i++) {
      found += order[i] < count ? 1 : 0;
    }
    return found;
  }

  /** {@link StubFigures} as JSON. */
  String json() {
    return String.format(
        Locale.ROOT,
        "{\"calls\":%d,\"nanos\":%d,\"merchants\":%d,\"repeated\":%d,\"overlaps\":%d,"
            + "\"most_in_flight\":%d,\"first_at\":%d,\"last_at\":%d}",
        calls,
        firstAt == 0 ? 0 : Math.max(0, lastNanos - firstNanos),
        merchants,
        repeated,
        overlaps,
        mostInFlight,
        firstAt,
        lastAt);
  }
}
