package io.yima.codes;

import io.yima.codes.CodeSelection.Part;
import io.yima.codes.PackageState.Stored;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.wechat.EncryptedCodes;
import io.yima.wechat.EncryptedCodes.Opened;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A process of its own that takes an application's packages through production's classes: opened,
 * checked, sealed, kept in a directory, and read again as CSV; and beside each package the bare
 * loop, which decrypts the same bytes, keeps them in a file and copies that. Both end in a file,
 * and both are on disk before they count as kept. Tells the seconds of each. What makes the
 * packages is not counted.
 */
public final class CodeStreamMain {

  private static final String KEY = "0123456789abcdef";
  private static final int RANGE = 50_000;

  private final DirectoryStore store;
  private final Path directory;
  private final List<Part> parts = new ArrayList<>();
  private final List<DataKey> keys = new ArrayList<>();
  private final List<Path> bare = new ArrayList<>();
  private long ours;
  private long theirs;

  private CodeStreamMain(Path directory) {
    this.directory = directory;
    this.store = new DirectoryStore(directory.resolve("ours"));
  }

  /**
   * @param args the directory, how many codes, and how many to warm up with
   */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    new CodeStreamMain(directory.resolve("warm")).run(Integer.parseInt(args[2]));
    CodeStreamMain main = new CodeStreamMain(directory);
    main.run(Integer.parseInt(args[1]));
    System.out.printf("SECONDS %.3f %.3f%n", main.ours / 1e9, main.theirs / 1e9);
  }

  private void run(int codes) throws Exception {
    Files.createDirectories(directory);
    for (long start = 0; start < codes; start += RANGE) {
      CodeRange range = new CodeRange(start, Math.min(start + RANGE, codes) - 1);
      String buffer =
          CraftedPackage.seal(CraftedPackage.rows(range.codeStart(), range.codeEnd()), KEY, 32);
      // Turns change, so that neither always comes first.
      if (start / RANGE % 2 == 0) {
        fetch(range, buffer);
        fetchBare(range, buffer);
      } else {
        fetchBare(range, buffer);
        fetch(range, buffer);
      }
    }
    stream(codes);
    streamBare();
  }

  private void fetch(CodeRange range, String buffer) throws PackageRows.Invalid {
    long begun = System.nanoTime();
    if (!(new EncryptedCodes(buffer).open(Secret.of(KEY))
        instanceof Opened.Text(ByteBuffer text))) {
      throw new IllegalStateException("the package does not open");
    }
    SealedPackage sealed = SealedPackage.of(PackageRows.of(text, range));
    PackageKey key =
        new PackageKey(
            new ApplicationKey(new AuthorizerId(ProviderId.next(), "wxm"), "order"),
            range.codeStart());
    String place = store.put(key, 1, sealed.chunks());
    ours += System.nanoTime() - begun;
    StoredPackage stored =
        new StoredPackage(key, range, ByteBuffer.allocate(0), place, sealed.chunkEnds());
    keys.add(sealed.key());
    parts.add(
        new Part(
            new PackageState(
                range,
                null,
                0,
                null,
                new Stored(stored, Instant.EPOCH, sealed.byteCount(), sealed.sha256())),
            range));
  }

  private void stream(int codes) throws IOException {
    long begun = System.nanoTime();
    CodeReader reader =
        new CodeReader(
            place -> store,
            content -> keys.get((int) (content.range().codeStart() / RANGE)),
            new CodeSelection(new CodeRange(0, codes - 1), parts));
    try (OutputStream out = Files.newOutputStream(directory.resolve("ours.csv"))) {
      reader.writeTo(out, CodeFormat.CSV);
    }
    ours += System.nanoTime() - begun;
  }

  private void fetchBare(CodeRange range, String buffer)
      throws IOException, GeneralSecurityException {
    long begun = System.nanoTime();
    byte[] bytes = Base64.getDecoder().decode(buffer.getBytes(StandardCharsets.ISO_8859_1));
    byte[] key = KEY.getBytes(StandardCharsets.US_ASCII);
    Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
    cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(key));
    ByteBuffer plain = ByteBuffer.wrap(cipher.doFinal(bytes));
    plain.limit(plain.limit() - plain.get(plain.limit() - 1));
    Path file = directory.resolve("bare-" + range.codeStart());
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (plain.hasRemaining()) {
        channel.write(plain);
      }
      channel.force(true);
    }
    theirs += System.nanoTime() - begun;
    bare.add(file);
  }

  private void streamBare() throws IOException {
    long begun = System.nanoTime();
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(directory.resolve("bare.txt")))) {
      for (Path file : bare) {
        Files.copy(file, out);
      }
    }
    theirs += System.nanoTime() - begun;
  }
}
