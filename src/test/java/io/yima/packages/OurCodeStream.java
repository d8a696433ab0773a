package io.yima.packages;

import io.yima.codes.ApplicationKey;
import io.yima.packages.CodeSelection.Part;
import io.yima.packages.PackageState.Stored;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.wechat.EncryptedCodes;
import io.yima.wechat.EncryptedCodes.Opened;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Production's classes: packages are opened, checked, sealed and kept in a directory, and read
 * again as CSV.
 */
final class OurCodeStream implements CodeStream {

  private final Path directory;
  private final DirectoryStore store;
  private final ApplicationKey application =
      new ApplicationKey(new AuthorizerId(ProviderId.next(), "wxm"), "order");
  private final List<Part> parts = new ArrayList<>();
  private final Map<CodeRange, DataKey> keys = new HashMap<>();

  OurCodeStream(Path directory) {
    this.directory = directory;
    this.store = new DirectoryStore(directory.resolve("store"));
  }

  @Override
  public void take(CodeRange range, String buffer) throws PackageRows.Invalid {
    if (!(new EncryptedCodes(buffer).open(Secret.of(KEY))
        instanceof Opened.Text(ByteBuffer text))) {
      throw new IllegalStateException("the package does not open");
    }
    SealedPackage sealed = SealedPackage.of(PackageRows.of(text, range));
    PackageKey key = new PackageKey(application, range.codeStart());
    String place = store.put(key, 1, sealed.chunks());
    StoredPackage stored =
        new StoredPackage(key, range, ByteBuffer.allocate(0), place, sealed.chunkEnds());
    keys.put(range, sealed.key());
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

  @Override
  public void give(int from) throws IOException {
    List<Part> given = parts.subList(from, parts.size());
    CodeRange codes =
        new CodeRange(given.getFirst().codes().codeStart(), given.getLast().codes().codeEnd());
    CodeReader reader =
        new CodeReader(
            _ -> store,
            content -> keys.get(content.range()),
            (_, damage) -> {
              throw damage;
            },
            new CodeSelection(codes, given));
    try (OutputStream out = Files.newOutputStream(directory.resolve("codes.csv"))) {
      reader.writeTo(out, CodeFormat.CSV);
    }
  }
}
