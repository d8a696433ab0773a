package io.yima.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yima.packages.PackageRows.Invalid;
import io.yima.secrets.Secret;
import io.yima.testsupport.Robustness;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.wechat.EncryptedCodes;
import io.yima.wechat.EncryptedCodes.Opened;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackageRowsTest {

  private static final String KEY = "0123456789abcdef";
  private static final CodeRange RANGE = new CodeRange(100, 299);
  private static final long SEED = 20261125;

  private static PackageRows read(String text) throws Invalid {
    return PackageRows.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), RANGE);
  }

  private static List<String> rows(PackageRows rows) {
    return text(rows, 0, rows.size()).lines().toList();
  }

  private static String text(PackageRows rows, int first, int last) {
    return new String(rows.text(first, last), StandardCharsets.US_ASCII);
  }

  private static List<String> lines() {
    return new ArrayList<>(CraftedPackage.rows(100, 299).lines().toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r", "\n\n", " \n", "\t\r\n"})
  void rows_are_kept_as_they_are_whatever_ends_a_line(String ending) throws Exception {
    assertThat(rows(read(String.join(ending, lines())))).isEqualTo(lines());
    assertThat(rows(read(String.join(ending, lines()) + ending))).isEqualTo(lines());
  }

  @Test
  void any_part_of_the_rows_is_the_same_whether_it_had_to_be_put_together_or_not()
      throws Exception {
    String stored = String.join("\n", lines()) + "\n";
    List<String> ways =
        List.of(
            stored,
            "\n" + stored,
            stored.strip(),
            stored.replace("\n", "\r\n"),
            stored.replaceFirst("\n", "\n\n"),
            stored.replaceFirst("\n", " \n"));
    for (String way : ways) {
      PackageRows rows = read(way);
      for (int first = 0; first < 200; first += 7) {
        int last = Math.min(first + 50, 200);

        assertThat(text(rows, first, last))
            .isEqualTo(String.join("\n", lines().subList(first, last)) + "\n");
      }
    }
  }

  @Test
  void columns_may_be_divided_by_blanks_and_stand_in_any_order() throws Exception {
    List<String> lines =
        lines().stream()
            .map(line -> line.split("\t"))
            .map(column -> column[3] + "  " + column[1] + " \t" + column[0] + " " + column[2])
            .toList();

    assertThat(rows(read(String.join("\n", lines)))).isEqualTo(lines);
  }

  @Test
  void a_column_that_counts_the_range_through_puts_rows_in_order() throws Exception {
    List<String> shuffled = lines();
    Collections.shuffle(shuffled, new Random(SEED));

    assertThat(rows(read(String.join("\n", shuffled)))).isEqualTo(lines());
  }

  @Test
  void without_such_a_column_the_order_of_the_rows_is_the_index() throws Exception {
    List<String> lines = lines().stream().map(line -> "x" + line).toList();

    assertThat(rows(read(String.join("\n", lines)))).isEqualTo(lines);
  }

  @Test
  void a_package_that_is_not_its_range_is_refused() {
    List<String> lines = lines();
    refused(lines.subList(1, lines.size()), "has 199 rows instead of 200");
    refused(List.of(), "too short");
    List<String> more = lines();
    more.add(CraftedPackage.row(300));
    refused(more, "more than 200 rows");
    refused(changed(7, CraftedPackage.row(8) + "\textra"), "row 8 is not four columns");
    refused(changed(7, "107\tC1\t01"), "row 8 is not four columns with one address");
    refused(changed(7, "107\tC1\t01\tHTTP://X.CN/1"), "row 8 is not four columns with one address");
    refused(changed(7, "107\tP.URL.CN/A\t01\tP.URL.CN/B"), "one address");
    refused(changed(7, "P.URL.CN/A\tC1\t01\t107"), "one address");
    refused(changed(7, "107\tC\u0001\t01\tP.URL.CN/A"), "printable");
    refused(changed(7, "107\tCé\t01\tP.URL.CN/A"), "printable");
    refused(changed(7, lines.get(8)), "twice");
    refused(changed(7, "108\tC1\t01\tP.URL.CN/A"), "do not count from 100 to 299");
    refused(changed(7, "999\tC1\t01\tP.URL.CN/A"), "do not count from 100 to 299");
  }

  private static List<String> changed(int at, String line) {
    List<String> lines = lines();
    lines.set(at, line);
    return lines;
  }

  private static void refused(List<String> lines, String why) {
    assertThatThrownBy(() -> read(String.join("\n", lines)))
        .isInstanceOf(Invalid.class)
        .hasMessageContaining(why);
  }

  @Test
  void no_flipped_bit_of_a_package_goes_unnoticed() {
    byte[] sealed =
        Base64.getDecoder().decode(CraftedPackage.seal(CraftedPackage.rows(100, 299), KEY, 32));
    Random random = new Random(SEED);
    int tried = 2_000;
    for (int i = 0; i < tried; i++) {
      byte[] damaged = sealed.clone();
      int bit = random.nextInt(damaged.length * 8);
      damaged[bit / 8] ^= (byte) (1 << bit % 8);

      assertThat(isAccepted(damaged)).as("seed %d, bit %d", SEED, bit).isFalse();
    }
    Robustness.row("Codes", "single bits of a package flipped, seed 20261125", tried, "refused");
  }

  @Test
  void no_package_that_was_cut_off_or_glued_together_is_taken() {
    byte[] sealed =
        Base64.getDecoder().decode(CraftedPackage.seal(CraftedPackage.rows(100, 299), KEY, 16));
    int tried = 0;
    for (int length = 0; length < sealed.length; length += 16) {
      byte[] cut = Arrays.copyOf(sealed, length);
      byte[] twice = Arrays.copyOf(sealed, sealed.length + length);
      System.arraycopy(sealed, 0, twice, sealed.length, length);

      assertThat(isAccepted(cut)).as("cut off at %d", length).isFalse();
      assertThat(length > 0 && isAccepted(twice)).as("%d more", length).isFalse();
      tried += 2;
    }
    Robustness.row("Codes", "packages cut off or glued together at each block", tried, "refused");
  }

  private static boolean isAccepted(byte[] sealed) {
    EncryptedCodes codes = new EncryptedCodes(Base64.getEncoder().encodeToString(sealed));
    if (codes.open(Secret.of(KEY)) instanceof Opened.Text(ByteBuffer text)) {
      try {
        PackageRows.of(text, RANGE);
        return true;
      } catch (Invalid invalid) {
        return false;
      }
    }
    return false;
  }
}
