package io.yima.limits;

import java.time.Duration;

/** So many times in a period, all at once if need be; 0 times stands for no limit. */
record Rate(int times, Duration period) {

  boolean isLimit() {
    return times > 0;
  }
}
