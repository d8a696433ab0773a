package io.yima.authorizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.authorizer.TokenRows.TokenRow;
import io.yima.database.Columns;
import io.yima.database.WorkerDatabase;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.AuthorizerPage.Listed;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A page of the list may be older than what calls have brought meanwhile. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class ListedRowsTest {

  private static final String LISTED = "refreshtoken@@@listed";
  private static final String LATE = "refreshtoken@@@late";

  @Inject Merchants merchants;
  @Inject ListedRows listed;
  @Inject TokenWrites writes;
  @Inject TokenNodes nodes;
  @Inject WorkerDatabase database;
  @Inject SettableClock clock;

  private final ComponentApp app = ComponentApp.unheardOf();
  private ProviderId provider;
  private AuthorizerId merchant;
  private Instant now;

  @BeforeEach
  void failing() {
    provider = merchants.provider(app);
    merchant = merchants.authorized(provider, app);
    now = clock.instant();
    refreshedAt(now.minus(Duration.ofHours(1)));
  }

  @AfterEach
  void leaveNothingToDo() {
    merchants.archive(app);
  }

  @Test
  void a_refresh_token_that_fails_gets_the_listed_one_for_a_candidate() {
    TokenRow before = row();

    store(now);

    assertThat(row().candidate()).isEqualTo(LISTED);
    assertThat(row().refresh()).isEqualTo(before.refresh());
    assertThat(row().generation()).isEqualTo(before.generation() + 1);
  }

  @Test
  void the_list_does_not_replace_what_was_asked_for_after_it() {
    writes.keepCandidate(merchant, Secret.of(LATE), now.plusSeconds(1));
    TokenRow before = row();

    store(now);

    assertThat(row()).isEqualTo(before);
    assertThat(before.candidate()).isEqualTo(LATE);
  }

  @Test
  void nor_what_may_have_been_under_way_when_it_was_read() {
    writes.keepCandidate(merchant, Secret.of(LATE), now.minusSeconds(20));

    store(now);

    assertThat(row().candidate()).isEqualTo(LATE);
  }

  @Test
  void but_what_is_older_than_any_call_it_does() {
    writes.keepCandidate(merchant, Secret.of(LATE), now.minusSeconds(3_600));

    store(now);

    assertThat(row().candidate()).isEqualTo(LISTED);
  }

  @Test
  void what_comes_late_replaces_the_listed_one_that_may_be_older() {
    store(now);

    writes.keepCandidate(merchant, Secret.of(LATE), now.minusSeconds(20));

    assertThat(row().candidate()).isEqualTo(LATE);
  }

  @Test
  void a_page_that_was_read_before_the_last_refresh_says_nothing() {
    refreshedAt(now.plusSeconds(1));
    TokenRow before = row();

    store(now);

    assertThat(row()).isEqualTo(before);
    assertThat(before.candidate()).isNull();
  }

  private void store(Instant askedAt) {
    Listed one = new Listed(merchant.authorizerAppid(), Secret.of(LISTED), 0L);
    listed.store(provider, List.of(one), askedAt, askedAt, askedAt.plusSeconds(3));
  }

  private TokenRow row() {
    return new TokenRows(database, nodes.seals(), provider)
        .read(List.of(merchant.authorizerAppid()))
        .get(merchant.authorizerAppid());
  }

  /** Refreshed then, and refused once since. */
  private void refreshedAt(Instant instant) {
    database.transaction(
        connection -> {
          String update =
              "update authorizer_token set attempts = 1, refreshed_at = ?"
                  + " where provider_id = ? and authorizer_appid = ?";
          try (PreparedStatement statement = connection.prepareStatement(update)) {
            statement.setObject(1, Columns.of(instant));
            statement.setObject(2, provider.value());
            statement.setString(3, merchant.authorizerAppid());
            return statement.executeUpdate();
          }
        });
  }
}
