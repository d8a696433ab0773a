package io.yima.packages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CodeFormatTest {

  private static final String ROW = "7\tC,\"1\\\t01\tP.URL.CN/A$B";

  private static String written(CodeFormat format, long index, String row) throws Exception {
    RowBuffer buffer = new RowBuffer();
    ChunkRows rows = new ChunkRows((row + "\n").getBytes(StandardCharsets.US_ASCII), index);
    assertThat(rows.next()).isTrue();
    format.write(rows, buffer);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    buffer.writeTo(out);
    return out.toString(StandardCharsets.US_ASCII);
  }

  @Test
  void csv_quotes_what_has_commas_or_quotes() throws Exception {
    assertThat(written(CodeFormat.CSV, 0, "0\tC\t01\tP.URL.CN/A"))
        .isEqualTo("0,P.URL.CN/A,0\tC\t01\tP.URL.CN/A\r\n");
    assertThat(written(CodeFormat.CSV, 19_999_999, ROW))
        .isEqualTo("19999999,P.URL.CN/A$B,\"7\tC,\"\"1\\\t01\tP.URL.CN/A$B\"\r\n");
  }

  @Test
  void ndjson_can_be_read_as_json() throws Exception {
    JsonNode line = new ObjectMapper().readTree(written(CodeFormat.NDJSON, 1_234, ROW));

    assertThat(line.path("code_index").asLong()).isEqualTo(1_234);
    assertThat(line.path("code_url").asText()).isEqualTo("P.URL.CN/A$B");
    assertThat(line.path("row").asText()).isEqualTo(ROW);
  }

  @Test
  void a_buffer_grows_as_it_must() throws Exception {
    RowBuffer buffer = new RowBuffer();
    for (int i = 0; i < 300_000; i++) {
      buffer.add(Long.MAX_VALUE);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    buffer.writeTo(out);

    assertThat(out.size()).isEqualTo(300_000 * 19);
    assertThat(out.toString(StandardCharsets.US_ASCII)).endsWith("9223372036854775807");
  }
}
