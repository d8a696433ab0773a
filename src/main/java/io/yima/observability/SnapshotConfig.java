package io.yima.observability;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When an old snapshot is worth a warning. */
@ConfigMapping(prefix = "yima.database")
interface SnapshotConfig {

  /**
   * How old a snapshot that holds back vacuum may grow; {@code YIMA_DATABASE_SNAPSHOT_ALARM_AFTER}.
   */
  @WithDefault("PT5M")
  Duration snapshotAlarmAfter();
}
