package io.yima.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentsTest {

  /** The contract's settings, as the environment spells them. */
  private static final List<String> SETTINGS =
      List.of(
          "QUARKUS_HTTP_PORT",
          "QUARKUS_DATASOURCE_JDBC_URL",
          "QUARKUS_DATASOURCE_USERNAME",
          "QUARKUS_DATASOURCE_PASSWORD",
          "YIMA_DATA_DIR",
          "YIMA_PUBLIC_URL",
          "YIMA_OPERATOR_KEY",
          "YIMA_MASTER_KEYSET",
          "YIMA_WECHAT_BASE_URL",
          "YIMA_WECHAT_AUTHORIZE_PC_URL",
          "YIMA_WECHAT_AUTHORIZE_MOBILE_URL",
          "YIMA_WECHAT_TIMEOUT",
          "YIMA_WECHAT_MAX_IN_FLIGHT",
          "YIMA_TOKENS_REFRESH_AT",
          "YIMA_TOKENS_POLL_EVERY",
          "YIMA_TOKENS_LEASE",
          "YIMA_SYNC_POLL_EVERY",
          "YIMA_SYNC_LEASE",
          "YIMA_SYNC_FIRST_AFTER",
          "YIMA_SYNC_MAX_INTERVAL",
          "YIMA_SYNC_STUCK_AFTER",
          "YIMA_SYNC_QUOTA_RESERVE",
          "YIMA_CODES_DOWNLOAD",
          "YIMA_CODES_STORE",
          "YIMA_CODES_S3_BUCKET",
          "YIMA_CODES_S3_ENDPOINT",
          "YIMA_CODES_S3_REGION",
          "YIMA_CODES_S3_PATH_STYLE",
          "YIMA_CODES_S3_ACCESS_KEY_ID",
          "YIMA_CODES_S3_SECRET_ACCESS_KEY",
          "YIMA_CODES_LEASE",
          "YIMA_RECONCILE_EVERY",
          "YIMA_DATABASE_SNAPSHOT_ALARM_AFTER",
          "YIMA_LIMITS_REQUESTS_PER_KEY",
          "YIMA_LIMITS_REQUESTS_PER_ADDRESS",
          "YIMA_LIMITS_PAGES_PER_ADDRESS",
          "YIMA_LIMITS_PUSHES_PER_ADDRESS",
          "YIMA_LIMITS_FAILED_AUTHENTICATIONS",
          "YIMA_LIMITS_OPEN_REQUESTS",
          "YIMA_LIMITS_HEAD_WITHIN",
          "YIMA_LIMITS_BODY_WITHIN",
          "YIMA_AUDIT_RETENTION",
          "YIMA_GATEWAY_PASS_THROUGH",
          "YIMA_SANDBOX_ENABLED",
          "YIMA_SANDBOX_PORT");

  private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#\\s]+)[^)]*\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^(#+) ");

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "README.zh-CN.md", "deploy/README.md"})
  void every_setting_is_explained(String page) throws IOException {
    assertThat(Files.readString(Path.of(page)))
        .contains(SETTINGS.stream().map(name -> "`" + name + "`").toList());
  }

  @Test
  void every_link_leads_somewhere() throws IOException {
    List<Path> pages = pages();

    assertThat(pages).hasSizeGreaterThan(12);
    for (Path page : pages) {
      assertThat(LINK.matcher(Files.readString(page)).results().map(link -> link.group(1)))
          .as("links of %s", page)
          .allSatisfy(link -> assertThat(page.toAbsolutePath().resolveSibling(link)).exists());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README",
        "docs/guides/connect-a-platform",
        "docs/guides/audit-trail",
        "docs/guides/codes",
        "docs/guides/activations",
        "docs/guides/batch-orders",
        "docs/guides/readiness",
        "docs/guides/gateway",
        "docs/guides/release-check"
      })
  void both_languages_have_the_same_shape(String page) throws IOException {
    String english = Files.readString(Path.of(page + ".md"));
    String chinese = Files.readString(Path.of(page + ".zh-CN.md"));

    assertThat(headings(chinese)).isEqualTo(headings(english));
    assertThat(tableRows(chinese)).isEqualTo(tableRows(english));
  }

  private static List<String> headings(String text) {
    return HEADING.matcher(text).results().map(heading -> heading.group(1)).toList();
  }

  private static long tableRows(String text) {
    return text.lines().filter(line -> line.startsWith("|")).count();
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(Path.of(""));
        Stream<Path> docs = Files.walk(Path.of("docs"));
        Stream<Path> deploy = Files.walk(Path.of("deploy"))) {
      return Stream.of(top, docs, deploy)
          .flatMap(paths -> paths)
          .filter(path -> path.toString().endsWith(".md"))
          .toList();
    }
  }
}
