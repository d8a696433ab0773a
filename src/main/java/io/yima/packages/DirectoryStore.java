package io.yima.packages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps packages in a directory that all nodes share, one file each: whole under its name, or not
 * there.
 */
final class DirectoryStore implements CodeStore {

  private final Path directory;

  /** Throws {@link IllegalStateException} when nothing can be written there. */
  DirectoryStore(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
    try {
      Files.createDirectories(this.directory);
      Files.delete(Files.createTempFile(this.directory, "check", ".tmp"));
    } catch (IOException e) {
      throw new IllegalStateException(
          "YIMA_CODES_STORE names %s, but this process cannot write there (%s): make the directory and give it the right to."
              .formatted(this.directory, e.getClass().getSimpleName()),
          e);
    }
  }

  @Override
  public boolean has(String place) {
    return place.startsWith(CodesSettings.FILE);
  }

  @Override
  public String put(PackageKey key, long generation, List<byte[]> chunks) {
    Path file = directory.resolve(key.fileName(generation));
    Path temporary = temporary(file);
    try {
      Files.createDirectories(file.resolveSibling("."));
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        for (byte[] chunk : chunks) {
          ByteBuffer bytes = ByteBuffer.wrap(chunk);
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        }
        // Whole before it has its name, and on disk together with it: one write through, not two.
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        channel.force(true);
      }
      force(file.resolveSibling("."));
      return place(key, generation);
    } catch (IOException e) {
      throw new CodeStoreFailed("a package cannot be written", e);
    }
  }

  @Override
  public String place(PackageKey key, long generation) {
    return CodesSettings.FILE + key.fileName(generation);
  }

  @Override
  public byte[] read(StoredPackage stored, int number) {
    ByteBuffer bytes = ByteBuffer.allocate(stored.chunkLength(number));
    try (FileChannel channel = FileChannel.open(file(stored.place()), StandardOpenOption.READ)) {
      long at = stored.chunkStart(number);
      while (bytes.hasRemaining()) {
        int count = channel.read(bytes, at + bytes.position());
        if (count < 0) {
          throw new CodePackageDamaged("the file of a package is too short", null);
        }
      }
      return bytes.array();
    } catch (NoSuchFileException e) {
      throw isEmpty()
          ? new CodeStoreFailed("the directory of packages is empty, as if not mounted", e)
          : new CodePackageDamaged("the file of a package is missing", e);
    } catch (IOException e) {
      throw new CodeStoreFailed("a package cannot be read", e);
    }
  }

  @Override
  public void discard(String place) {
    try {
      Path file = file(place);
      Files.deleteIfExists(file);
      // Whoever died while it was written left it so.
      Files.deleteIfExists(temporary(file));
    } catch (IOException e) {
      throw new CodeStoreFailed("a package cannot be deleted", e);
    }
  }

  /** What looks like a disk that is not there must not have all packages fetched again. */
  private boolean isEmpty() {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    } catch (IOException e) {
      return true;
    }
  }

  private static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + ".tmp");
  }

  private Path file(String place) {
    return directory.resolve(place.substring(CodesSettings.FILE.length()));
  }

  /** The new name itself is safe only once the directory is. */
  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
