package io.yima.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.database.WorkerDatabase;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class NodePresenceTest {

  @Inject NodePresence presence;
  @Inject Node node;
  @Inject WorkerDatabase database;
  @Inject SettableClock clock;

  private record Entry(String name, Instant seenAt, boolean stopped) {}

  @AfterEach
  void backToThePresent() {
    clock.reset();
  }

  @Test
  void a_node_renews_its_one_entry_and_closes_it_when_it_stops() {
    Entry before = mine();
    clock.advance(Duration.ofMinutes(1));

    presence.renew();

    assertThat(mine().seenAt()).isAfterOrEqualTo(before.seenAt().plusSeconds(59));
    assertThat(mine().stopped()).isFalse();

    presence.stopped(new ShutdownEvent());

    assertThat(mine().stopped()).isTrue();
  }

  @Test
  void an_entry_that_nobody_renewed_for_a_week_is_deleted() {
    presence.renew();
    insertLongAgo("forgotten-node");

    presence.renew();

    assertThat(entries()).extracting(Entry::name).contains(node.name());
    assertThat(entries()).extracting(Entry::name).doesNotContain("forgotten-node");
  }

  private Entry mine() {
    return entries().stream()
        .filter(entry -> entry.name().equals(node.name()))
        .findFirst()
        .orElseThrow();
  }

  private void insertLongAgo(String name) {
    database.transaction(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "insert into node (name, version, started_at, seen_at)"
                      + " values (?, '1', now() - interval '9 days', now() - interval '8 days')")) {
            insert.setString(1, name);
            return insert.executeUpdate();
          }
        });
  }

  private List<Entry> entries() {
    return database.transaction(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement("select name, seen_at, stopped_at from node");
              ResultSet row = select.executeQuery()) {
            List<Entry> entries = new ArrayList<>();
            while (row.next()) {
              entries.add(
                  new Entry(
                      row.getString("name"),
                      row.getObject("seen_at", OffsetDateTime.class).toInstant(),
                      row.getObject("stopped_at") != null));
            }
            return entries;
          }
        });
  }
}
