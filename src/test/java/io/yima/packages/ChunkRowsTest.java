package io.yima.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkRowsTest {

  private static final long SEED = 20261125;

  private static ChunkRows rows(String text, long firstIndex) {
    return new ChunkRows(text.getBytes(StandardCharsets.US_ASCII), firstIndex);
  }

  private static String address(Random random) {
    return "P.URL.CN/" + "A".repeat(1 + random.nextInt(3));
  }

  /** Columns that may well look like an address to whoever begins in their middle. */
  private static String column(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> "x" + address(random);
      case 1 -> "P.URL.CN/";
      case 2 -> "0101";
      default -> Integer.toString(random.nextInt(1_000_000));
    };
  }

  @Test
  void each_row_comes_with_its_index_and_address_wherever_the_last_one_had_its() {
    Random random = new Random(SEED);
    for (int i = 0; i < 5_000; i++) {
      List<String> rows = new ArrayList<>();
      List<String> urls = new ArrayList<>();
      for (int row = 0; row < 5; row++) {
        List<String> columns = new ArrayList<>();
        for (int column = 0; column < 3; column++) {
          columns.add(column(random));
        }
        urls.add(address(random));
        columns.add(random.nextInt(4), urls.getLast());
        rows.add(String.join(List.of("\t", " ", " \t ").get(random.nextInt(3)), columns));
      }
      ChunkRows chunk = rows(String.join("\n", rows) + "\n", 7);

      for (int row = 0; row < 5; row++) {
        assertThat(chunk.next()).as("seed %d, chunk %d, row %d", SEED, i, row).isTrue();
        assertThat(chunk.index()).isEqualTo(7 + row);
        assertThat(chunk.row()).isEqualTo(rows.get(row));
        assertThat(chunk.url()).as("seed %d, chunk %d: %s", SEED, i, rows).isEqualTo(urls.get(row));
      }
      assertThat(chunk.next()).isFalse();
    }
  }

  @Test
  void a_row_without_an_address_was_never_stored() {
    ChunkRows chunk = rows("0\tC\t01\tP.URL.CN/A\n1\tC\t01\tHTTP://X\n", 0);
    chunk.next();

    assertThatThrownBy(chunk::next).isInstanceOf(IllegalStateException.class);
  }
}
