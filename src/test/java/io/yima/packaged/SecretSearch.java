package io.yima.packaged;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Looks in anything for secrets, as they are or in a shape that a program may give them: encoded
 * for an address, for JSON, in base64 (wherever in a longer text they begin) or hexadecimal.
 */
final class SecretSearch {

  private static final int TELLING = 8;
  private static final int MIX = 20;

  private record Form(String what, byte[] bytes) {}

  private final Map<String, String> kinds = new HashMap<>();
  private final Map<Long, List<Form>> byBeginning = new HashMap<>();
  private final BitSet beginnings = new BitSet(1 << MIX);

  /**
   * @param name what kind of secret it is
   */
  void add(String name, String secret) {
    if (secret.length() < 2 * TELLING) {
      throw new IllegalArgumentException("too short to be told from chance: " + name);
    }
    if (kinds.putIfAbsent(secret, name) != null) {
      return;
    }
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    form(name, secret);
    form(name + " in an address", URLEncoder.encode(secret, StandardCharsets.UTF_8));
    form(name + " in JSON", secret.replace("/", "\\/").replace("\"", "\\\""));
    form(name + " in hexadecimal", HexFormat.of().formatHex(bytes));
    form(name + " in hexadecimal", HexFormat.of().withUpperCase().formatHex(bytes));
    form(
        name + " in UTF-16",
        new String(secret.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1));
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      // The first and last characters depend on what stands beside.
      int from = before == 0 ? 0 : 4;
      int to = (before + bytes.length) / 3 * 4;
      form(name + " in base64", Base64.getEncoder().encodeToString(shifted).substring(from, to));
      form(name + " in base64", Base64.getUrlEncoder().encodeToString(shifted).substring(from, to));
    }
  }

  Set<String> kinds() {
    return Set.copyOf(kinds.values());
  }

  Set<String> in(String text) {
    return in(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What of it is in there; never the secrets themselves. */
  Set<String> in(byte[] bytes) {
    Set<String> found = new TreeSet<>();
    long window = 0;
    for (int at = 0; at < bytes.length; at++) {
      window = window << 8 | bytes[at] & 0xFF;
      int begin = at - TELLING + 1;
      if (begin >= 0 && beginnings.get(mixed(window))) {
        for (Form form : byBeginning.getOrDefault(window, List.of())) {
          if (isAt(bytes, begin, form.bytes())) {
            found.add(form.what());
          }
        }
      }
    }
    return found;
  }

  /**
   * The files of the database below a run's directory, but PostgreSQL's programs. Its processes
   * must have ended.
   */
  static List<Path> databaseFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("postgresql"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.toString().contains("binaries-"))
          .toList();
    }
  }

  /** What the nodes of a run logged. */
  static List<Path> nodeLogs(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().startsWith("node-")).toList();
    }
  }

  private void form(String what, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    long beginning = 0;
    for (int at = 0; at < TELLING; at++) {
      beginning = beginning << 8 | bytes[at] & 0xFF;
    }
    beginnings.set(mixed(beginning));
    byBeginning.computeIfAbsent(beginning, _ -> new ArrayList<>()).add(new Form(what, bytes));
  }

  private static boolean isAt(byte[] bytes, int from, byte[] form) {
    if (bytes.length - from < form.length) {
      return false;
    }
    for (int at = 0; at < form.length; at++) {
      if (bytes[from + at] != form[at]) {
        return false;
      }
    }
    return true;
  }

  private static int mixed(long window) {
    return (int) (window * 0x9E3779B97F4A7C15L >>> 64 - MIX);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d secrets", kinds.size());
  }
}
