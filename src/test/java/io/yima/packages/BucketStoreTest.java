package io.yima.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yima.codes.ApplicationKey;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.S3Server;
import io.yima.testsupport.S3Server.Fault;
import io.yima.wechat.ApplicationStatus.CodeRange;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class BucketStoreTest {

  private static final ByteBuffer SEALED_KEY = ByteBuffer.allocate(1);
  private static final int TRIES = 3;

  private final S3Server server = new S3Server();
  private final BucketStore store = BucketSettingsTest.store(server);
  private final PackageKey key =
      new PackageKey(
          new ApplicationKey(new AuthorizerId(ProviderId.next(), "wxm"), "../order/1"), 50_000);

  @AfterEach
  void stop() {
    server.close();
  }

  private StoredPackage stored(String place, List<Long> ends) {
    return new StoredPackage(key, new CodeRange(50_000, 53_999), SEALED_KEY, place, ends);
  }

  @Test
  void any_chunk_of_a_package_can_be_had() {
    String place = store.put(key, 7, List.of(new byte[] {1, 2, 3}, new byte[] {4}));

    StoredPackage stored = stored(place, List.of(3L, 4L));
    assertThat(store.has(place)).isTrue();
    assertThat(store.read(stored, 0)).containsExactly(1, 2, 3);
    assertThat(store.read(stored, 1)).containsExactly(4);
    assertThat(server.objects()).containsOnlyKeys(key.fileName(7));
    assertThat(key.fileName(7))
        .matches(key.application().provider() + "/[0-9a-f]{64}/50000-7\\.codes");
  }

  @Test
  void two_tries_do_not_write_over_each_other() {
    String first = store.put(key, 1, List.of(new byte[] {1}));
    String second = store.put(key, 2, List.of(new byte[] {2}));

    store.discard(first);

    assertThat(store.read(stored(second, List.of(1L)), 0)).containsExactly(2);
    assertThatThrownBy(() -> store.read(stored(first, List.of(1L)), 0))
        .isInstanceOf(CodePackageDamaged.class)
        .hasMessageContaining("404 NoSuchKey");
  }

  @Test
  void an_object_that_was_cut_off_is_no_package() {
    String place = store.put(key, 1, List.of(new byte[] {1, 2}));

    assertThatThrownBy(() -> store.read(stored(place, List.of(3L)), 0))
        .isInstanceOf(CodePackageDamaged.class);
    assertThatThrownBy(() -> store.read(stored(place, List.of(2L, 3L)), 1))
        .isInstanceOf(CodePackageDamaged.class)
        .hasMessageContaining("416 InvalidRange");
  }

  @ParameterizedTest
  @EnumSource(names = {"BROKEN", "CUT"})
  void what_passes_is_tried_again(Fault fault) {
    server.fail(fault, 1);
    String place = store.put(key, 1, List.of(new byte[] {1, 2}, new byte[100_000]));

    server.fail(fault, 1);

    assertThat(store.read(stored(place, List.of(2L, 100_002L)), 1)).hasSize(100_000);
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
  void what_stays_wrong_fails_in_words_that_hold_no_secret(Fault fault) {
    String place = store.put(key, 1, List.of(new byte[] {1, 2}, new byte[] {3, 4}));
    StoredPackage stored = stored(place, List.of(2L, 4L));

    server.fail(fault, TRIES);
    assertThatThrownBy(() -> store.read(stored, 1))
        .isInstanceOf(CodeStoreFailed.class)
        .isNotInstanceOf(CodePackageDamaged.class)
        .message()
        .doesNotContain(S3Server.SECRET, "said of");
    server.mend();
    assertThat(store.read(stored, 1)).containsExactly(3, 4);

    if (fault != Fault.WHOLE) {
      server.fail(fault, TRIES);
      assertThatThrownBy(() -> store.put(key, 2, List.of(new byte[] {5})))
          .isInstanceOf(CodeStoreFailed.class)
          .message()
          .doesNotContain(S3Server.SECRET, "said of");
      assertThat(server.objects()).containsOnlyKeys(key.fileName(1));
    }
  }

  @Test
  void what_cannot_be_deleted_stays_and_is_told() {
    String place = store.put(key, 1, List.of(new byte[] {1}));
    server.fail(Fault.DENIED, 1);

    assertThatThrownBy(() -> store.discard(place)).isInstanceOf(CodeStoreFailed.class);

    assertThat(server.objects()).containsOnlyKeys(key.fileName(1));
    store.discard(place);
    store.discard(place);
    assertThat(server.objects()).isEmpty();
  }

  @Test
  void a_store_that_is_not_there_fails() {
    server.close();

    assertThatThrownBy(() -> store.put(key, 1, List.of(new byte[] {1})))
        .isInstanceOf(CodeStoreFailed.class)
        .hasMessageContaining("ConnectException");
  }

  @Test
  void the_check_writes_one_object_and_throws_nothing() {
    store.check();
    assertThat(server.objects()).containsOnlyKeys("yima-check");

    server.fail(Fault.DENIED, 1);
    store.check();

    assertThat(server.requests()).containsOnly("PUT /codes/yima-check").hasSize(2);
  }
}
