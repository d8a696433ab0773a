package io.yima.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.sandbox.SandboxCodes.Place;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SandboxCodesTest {

  private static final long FIRST = World.FIRST_APPLICATION_ID;
  private static final long LAST_INDEX = 19_999_999;

  @Test
  void every_form_of_a_code_leads_back_to_its_place() {
    for (long application : List.of(FIRST, FIRST + 1, FIRST + 8_000_000)) {
      for (long index : List.of(0L, 1L, 49_999L, 50_000L, LAST_INDEX)) {
        Place place = new Place(application, index);
        assertThat(SandboxCodes.ofCode(SandboxCodes.code(place))).isEqualTo(place);
        assertThat(SandboxCodes.ofUrl(SandboxCodes.url(place))).isEqualTo(place);
      }
    }
  }

  @Test
  void codes_have_wechat_s_lengths_and_fit_a_qr_code_s_alphanumeric_mode() {
    Set<String> codes = new HashSet<>();
    for (long index = 0; index < 10_000; index++) {
      Place place = new Place(FIRST, index);
      assertThat(SandboxCodes.code(place)).matches("[0-9A-Z$*+.-]{9}");
      assertThat(SandboxCodes.url(place)).matches("P\\.URL\\.CN/[0-9A-Z$*+.-]{19}");
      codes.add(SandboxCodes.code(place));
    }
    assertThat(codes).hasSize(10_000);
  }

  @Test
  void what_is_no_code_leads_nowhere() {
    String url = SandboxCodes.url(new Place(FIRST, 7));

    for (String wrong : List.of("", "8", "........ ", "abcdefghi", "0123456789", "......... ")) {
      assertThat(SandboxCodes.ofCode(wrong)).as(wrong).isNull();
    }
    // More than 48 bits.
    assertThat(SandboxCodes.ofCode(".........")).isNull();
    assertThat(SandboxCodes.ofUrl(url.substring(1))).isNull();
    assertThat(SandboxCodes.ofUrl("X" + url.substring(1))).isNull();
    assertThat(SandboxCodes.ofUrl(url.substring(0, 27) + "~")).isNull();
  }

  @Test
  void a_row_has_four_columns_and_the_address_last() {
    Place place = new Place(FIRST, LAST_INDEX);
    byte[] row = new byte[SandboxCodes.longestRow()];

    int end = SandboxCodes.writeRow(place, row, 0);

    String line = new String(row, 0, end, StandardCharsets.US_ASCII);
    assertThat(end).isEqualTo(row.length);
    assertThat(line.split("\\s"))
        .hasSize(4)
        .startsWith("19999999", SandboxCodes.code(place))
        .endsWith(SandboxCodes.url(place));
  }
}
