package io.yima.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The PostgreSQL programs that are packaged for this platform, unpacked once. */
final class PostgresBinaries {

  private final Path directory;
  private final ForeignUser user;

  private PostgresBinaries(Path directory, ForeignUser user) {
    this.directory = directory;
    this.user = user;
  }

  static PostgresBinaries unpack(Path home) throws IOException {
    String archive = archiveName();
    Path target = home.resolve("binaries-" + fingerprint(archive));
    if (!Files.isDirectory(target)) {
      Path unpacked = Files.createTempDirectory(home, "unpacking-");
      try (InputStream resource = resource(archive)) {
        extract(resource, unpacked);
      }
      moveIntoPlace(unpacked, target);
    }
    return new PostgresBinaries(target, ForeignUser.choose());
  }

  /** A program of PostgreSQL with its arguments, run as a user that PostgreSQL accepts. */
  ProcessBuilder command(String program, String... arguments) {
    List<String> command = new ArrayList<>(user.prefix());
    command.add(directory.resolve("bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /** Hands a path to the user that runs the server. */
  void own(Path path) throws IOException {
    user.own(path);
  }

  /** Refuses a data directory that another major version of PostgreSQL made. */
  void requireSameMajor(Path data) throws IOException {
    String found = Files.readString(data.resolve("PG_VERSION")).strip();
    Process version = command("postgres", "--version").start();
    String answer =
        new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    String ours = answer.replaceAll(".*\\s(\\d+)\\..*", "$1");
    if (!found.equals(ours)) {
      throw new IOException(
          "the data was written by PostgreSQL "
              + found
              + ", this is "
              + ours
              + "; dump it with the former version and restore it with this one");
    }
  }

  private static String archiveName() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String platform = os.contains("mac") ? "darwin" : os.contains("win") ? "windows" : "linux";
    String arch = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
    return "postgres-" + platform + "-" + arch + ".txz";
  }

  private static InputStream resource(String archive) throws IOException {
    InputStream resource =
        Thread.currentThread().getContextClassLoader().getResourceAsStream(archive);
    if (resource == null) {
      throw new IOException(
          "no PostgreSQL is packaged for this platform (" + archive + "); build Yima on it");
    }
    return resource;
  }

  private static String fingerprint(String archive) throws IOException {
    try (InputStream resource = resource(archive)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(resource, digest).transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void extract(InputStream archive, Path target) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZCompressorInputStream(archive))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        extract(tar, entry, target);
      }
    }
  }

  private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    Path path = target.resolve(entry.getName()).normalize();
    if (!path.startsWith(target)) {
      throw new IOException("the archive points outside of its directory: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
      if ((entry.getMode() & 0100) != 0) {
        makeExecutable(path);
      }
    }
  }

  private static void makeExecutable(Path path) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
      permissions.add(PosixFilePermission.OWNER_EXECUTE);
      permissions.add(PosixFilePermission.GROUP_EXECUTE);
      permissions.add(PosixFilePermission.OTHERS_EXECUTE);
      Files.setPosixFilePermissions(path, permissions);
    }
  }

  private static void moveIntoPlace(Path unpacked, Path target) throws IOException {
    makeTraversable(unpacked);
    try {
      Files.move(unpacked, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      // Somebody else was faster; theirs is the same.
    }
  }

  /** The server may run as another user than the one that unpacks. */
  private static void makeTraversable(Path directory) throws IOException {
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
      permissions.add(PosixFilePermission.GROUP_EXECUTE);
      permissions.add(PosixFilePermission.GROUP_READ);
      permissions.add(PosixFilePermission.OTHERS_EXECUTE);
      permissions.add(PosixFilePermission.OTHERS_READ);
      Files.setPosixFilePermissions(directory, permissions);
    }
  }
}
