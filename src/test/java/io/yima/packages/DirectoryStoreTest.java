package io.yima.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yima.codes.ApplicationKey;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.wechat.ApplicationStatus.CodeRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest {

  private static final ByteBuffer SEALED_KEY = ByteBuffer.allocate(1);

  @TempDir Path directory;

  private final PackageKey key =
      new PackageKey(
          new ApplicationKey(new AuthorizerId(ProviderId.next(), "wxm"), "../order/1"), 50_000);

  private StoredPackage stored(String place, List<Long> ends) {
    return new StoredPackage(key, new CodeRange(50_000, 53_999), SEALED_KEY, place, ends);
  }

  @Test
  void any_chunk_of_a_package_can_be_had() throws IOException {
    DirectoryStore store = new DirectoryStore(directory.resolve("codes"));

    String place = store.put(key, 7, List.of(new byte[] {1, 2, 3}, new byte[] {4}));

    StoredPackage stored = stored(place, List.of(3L, 4L));
    assertThat(store.has(place)).isTrue();
    assertThat(store.read(stored, 0)).containsExactly(1, 2, 3);
    assertThat(store.read(stored, 1)).containsExactly(4);
    try (Stream<Path> files = Files.walk(directory.resolve("codes"))) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsExactly("50000-7.codes");
    }
  }

  @Test
  void two_tries_do_not_write_over_each_other() {
    DirectoryStore store = new DirectoryStore(directory);
    String first = store.put(key, 1, List.of(new byte[] {1}));
    String second = store.put(key, 2, List.of(new byte[] {2}));

    store.discard(first);

    assertThat(store.read(stored(second, List.of(1L)), 0)).containsExactly(2);
    assertThatThrownBy(() -> store.read(stored(first, List.of(1L)), 0))
        .isInstanceOf(CodePackageDamaged.class);
  }

  /** A disk that is not there now may be there again in a minute, with all its files. */
  @Test
  void a_directory_without_anything_is_not_mounted_rather_than_damaged() throws IOException {
    DirectoryStore store = new DirectoryStore(directory.resolve("codes"));
    String place = store.put(key, 1, List.of(new byte[] {1}));
    StoredPackage stored = stored(place, List.of(1L));
    Path elsewhere = Files.move(directory.resolve("codes"), directory.resolve("elsewhere"));

    assertThatThrownBy(() -> store.read(stored, 0))
        .isInstanceOf(CodeStoreFailed.class)
        .isNotInstanceOf(CodePackageDamaged.class);
    Files.createDirectory(directory.resolve("codes"));
    assertThatThrownBy(() -> store.read(stored, 0))
        .isInstanceOf(CodeStoreFailed.class)
        .isNotInstanceOf(CodePackageDamaged.class);

    Files.delete(directory.resolve("codes"));
    Files.move(elsewhere, directory.resolve("codes"));
    assertThat(store.read(stored, 0)).containsExactly(1);
  }

  @Test
  void whatever_there_is_of_a_package_is_discarded_be_it_half_a_file_or_none() throws IOException {
    DirectoryStore store = new DirectoryStore(directory);
    String place = store.put(key, 1, List.of(new byte[] {1}));
    Path half = directory.resolve(key.fileName(2) + ".tmp");
    Files.writeString(half, "whoever wrote this died");

    store.discard(place);
    store.discard(store.place(key, 2));
    store.discard(store.place(key, 3));

    try (Stream<Path> files = Files.walk(directory)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void a_file_that_was_cut_off_is_no_package() {
    DirectoryStore store = new DirectoryStore(directory);
    String place = store.put(key, 1, List.of(new byte[] {1, 2}));

    assertThatThrownBy(() -> store.read(stored(place, List.of(3L)), 0))
        .isInstanceOf(CodePackageDamaged.class);
  }

  @Test
  void a_directory_that_cannot_be_written_stops_the_start() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");

    assertThatThrownBy(() -> new DirectoryStore(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("YIMA_CODES_STORE");
  }
}
