package io.yima.packages;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.yima.packages.CodeSelection.Part;
import io.yima.secrets.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A zip for printers: a CSV file for each range, then a manifest and the files' SHA-256 sums as
 * {@code sha256sum --check} takes them. Written from front to end, so that its size takes no
 * memory.
 */
final class CodeArchive {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final CodeReader reader;
  private final CodeSelection selection;

  /** What the manifest says of the whole. */
  private record Manifest(
      @JsonProperty("isv_application_id") String isvApplicationId,
      @JsonProperty("code_start") long codeStart,
      @JsonProperty("code_end") long codeEnd,
      @JsonProperty("codes") long codes,
      @JsonProperty("files") List<Entry> files) {}

  /** What the manifest says of one file. */
  private record Entry(
      @JsonProperty("name") String name,
      @JsonProperty("code_start") long codeStart,
      @JsonProperty("code_end") long codeEnd,
      @JsonProperty("codes") long codes,
      @JsonProperty("sha256") String sha256) {}

  CodeArchive(CodeReader reader, CodeSelection selection) {
    this.reader = reader;
    this.selection = selection;
  }

  void writeTo(OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.setLevel(Deflater.BEST_SPEED);
    List<Entry> files = new ArrayList<>();
    for (Part part : selection.parts()) {
      files.add(file(zip, part));
    }
    file(zip, "manifest.json", manifest(files));
    file(zip, "SHA256SUMS", sums(files));
    zip.finish();
    zip.flush();
  }

  private Entry file(ZipOutputStream zip, Part part) throws IOException {
    long start = part.codes().codeStart();
    long end = part.codes().codeEnd();
    String name = "codes-%08d-%08d.csv".formatted(start, end);
    zip.putNextEntry(new ZipEntry(name));
    DigestOutputStream digested = new DigestOutputStream(zip, Sha256.digest());
    digested.write(CodeFormat.CSV.head());
    reader.writeTo(digested, CodeFormat.CSV, part);
    zip.closeEntry();
    String sha256 = HexFormat.of().formatHex(digested.getMessageDigest().digest());
    return new Entry(name, start, end, end - start + 1, sha256);
  }

  private static void file(ZipOutputStream zip, String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content);
    zip.closeEntry();
  }

  private byte[] manifest(List<Entry> files) {
    long start = selection.range().codeStart();
    long end = selection.range().codeEnd();
    String application =
        CodeReader.stored(selection.parts().getFirst())
            .content()
            .key()
            .application()
            .isvApplicationId();
    try {
      return JSON.writerWithDefaultPrettyPrinter()
          .writeValueAsBytes(new Manifest(application, start, end, end - start + 1, files));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sums(List<Entry> files) {
    StringBuilder sums = new StringBuilder();
    files.forEach(file -> sums.append(file.sha256()).append("  ").append(file.name()).append('\n'));
    return sums.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
