package io.yima.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.DoubleStream;

/**
 * Where a run took place. Figures of two runs compare only as far as these agree.
 *
 * @param fsyncMicros the median time of writing 8 kB through to the disk on which the database lies
 */
record Machine(
    String processor, int cores, long memoryGb, String system, String java, double fsyncMicros) {

  private static final int SYNCS = 200;
  private static final int PAGE = 8192;

  static Machine look(Path directory) throws IOException {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Machine(
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        Math.round(system.getTotalMemorySize() / 1e9),
        system.getName() + " " + system.getVersion() + ", " + system.getArch(),
        Runtime.version().toString(),
        fsyncMicros(directory));
  }

  private static String processorName() throws IOException {
    Path cpuinfo = Path.of("/proc/cpuinfo");
    if (!Files.exists(cpuinfo)) {
      return "unknown processor";
    }
    return Files.readAllLines(cpuinfo).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown processor");
  }

  private static double fsyncMicros(Path directory) throws IOException {
    Path file = directory.resolve("fsync");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer page = ByteBuffer.allocate(PAGE);
      double[] micros = new double[SYNCS];
      for (int i = 0; i < SYNCS; i++) {
        long start = System.nanoTime();
        channel.write(page.rewind(), 0);
        channel.force(false);
        micros[i] = (System.nanoTime() - start) / 1e3;
      }
      return Samples.of(DoubleStream.of(micros)).median();
    }
  }
}
