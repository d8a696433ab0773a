package io.yima.deploy;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class DeployFilesTest {

  private static final Path DEPLOY = Path.of("deploy");
  private static final Path COMPOSE = DEPLOY.resolve("compose/compose.yaml");

  @Test
  void compose_starts_yima_when_postgresql_is_healthy() throws IOException {
    var services = map(compose().get("services"));

    assertThat(services).containsOnlyKeys("yima", "postgres");
    assertThat(map(services.get("yima")).get("depends_on"))
        .isEqualTo(Map.of("postgres", Map.of("condition", "service_healthy")));
    assertThat(map(services.get("postgres"))).containsKey("healthcheck");
  }

  @Test
  void compose_asks_for_every_secret_and_has_a_default_for_none() throws IOException {
    assertThat(variables(":\\?"))
        .contains("YIMA_OPERATOR_KEY", "YIMA_MASTER_KEYSET_FILE", "YIMA_DATABASE_PASSWORD");
    assertThat(variables("(:?-|})")).noneMatch(name -> name.matches(".*(KEY|KEYSET|PASSWORD).*"));
  }

  @Test
  void example_environment_names_exactly_what_compose_asks_for() throws IOException {
    var example =
        Files.readAllLines(DEPLOY.resolve("compose/env.example")).stream()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.substring(0, line.indexOf('=')))
            .toList();

    assertThat(example).containsExactlyInAnyOrderElementsOf(variables(":\\?"));
  }

  @Test
  void every_file_that_compose_mounts_or_builds_from_exists() throws IOException {
    var services = map(compose().get("services"));
    var build = map(map(services.get("yima")).get("build"));
    var context = COMPOSE.resolveSibling((String) build.get("context"));
    var mounted =
        ((List<?>) map(services.get("postgres")).get("volumes"))
            .stream()
                .map(Object::toString)
                .filter(volume -> volume.startsWith("."))
                .map(volume -> COMPOSE.resolveSibling(volume.substring(0, volume.indexOf(':'))))
                .toList();

    assertThat(context.resolve((String) build.get("dockerfile"))).isRegularFile();
    assertThat(mounted).isNotEmpty().allSatisfy(file -> assertThat(file).isRegularFile());
  }

  private static Map<String, Object> compose() throws IOException {
    try (var reader = Files.newBufferedReader(COMPOSE)) {
      return map(new Yaml(new SafeConstructor(new LoaderOptions())).load(reader));
    }
  }

  /** The names in compose.yaml's <code>${NAME…}</code> that are followed by the given pattern. */
  private static Set<String> variables(String followedBy) throws IOException {
    return Pattern.compile("\\$\\{(\\w+)" + followedBy)
        .matcher(Files.readString(COMPOSE))
        .results()
        .map(variable -> variable.group(1))
        .collect(toSet());
  }

  private static Map<String, Object> map(Object value) {
    assertThat(value).isInstanceOf(Map.class);
    var map = new HashMap<String, Object>();
    ((Map<?, ?>) value).forEach((key, entry) -> map.put(key.toString(), entry));
    return map;
  }
}
