package io.yima.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.testsupport.MetricsPage;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The page of metrics tells all that the code counts, and nothing that it does not. */
class MetricsDocumentTest {

  private static final Path CLASSES = Path.of("target", "classes", "io", "yima");

  /** Roles of the database, which share the prefix. */
  private static final Set<String> ROLES = Set.of("yima_api", "yima_worker");

  @Test
  void every_meter_of_the_code_is_explained_and_every_explained_one_is_in_the_code()
      throws IOException {
    Set<String> explained =
        MetricsPage.names().stream()
            .map(MetricsDocumentTest::meter)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> counted =
        meters().stream()
            .map(MetricsDocumentTest::meter)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(counted).hasSizeGreaterThan(30);
    assertThat(explained).containsExactlyElementsOf(counted);
  }

  @Test
  void no_metric_is_explained_twice() throws IOException {
    assertThat(MetricsPage.names()).doesNotHaveDuplicates();
  }

  /** Without what Prometheus' way of naming adds. */
  private static String meter(String name) {
    return name.replaceFirst("_(total|seconds)$", "");
  }

  private static Set<String> meters() throws IOException {
    Set<String> meters = new TreeSet<>();
    try (Stream<Path> files = Files.walk(CLASSES)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".class")).toList()) {
        meters.addAll(texts(file).stream().filter(text -> text.matches("yima(_[a-z]+)+")).toList());
      }
    }
    meters.removeAll(ROLES);
    return meters;
  }

  private static List<String> texts(Path file) throws IOException {
    return StreamSupport.stream(ClassFile.of().parse(file).constantPool().spliterator(), false)
        .filter(StringEntry.class::isInstance)
        .map(entry -> ((StringEntry) entry).stringValue())
        .toList();
  }
}
