package io.yima.database;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;

/**
 * Who runs PostgreSQL, which refuses root: the user we are, or, when that is root, another one.
 *
 * @param prefix what stands before the command
 * @param account the account that must own the data; empty when the files may stay ours
 */
record ForeignUser(List<String> prefix, String account) {

  /** Finds out what works on this machine, asking it rather than guessing. */
  static ForeignUser choose() throws IOException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return new ForeignUser(List.of(), "");
    }
    if (works("unshare", "--user", "true")) {
      // In a user namespace without a mapping root is nobody, yet the files stay its own.
      return new ForeignUser(List.of("unshare", "--user"), "");
    }
    if (works("setpriv", "--reuid=nobody", "--clear-groups", "--regid=nogroup", "true")) {
      return new ForeignUser(
          List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"), "nobody");
    }
    throw new IOException(
        "PostgreSQL refuses to run as root, and neither unshare nor setpriv works here; start Yima"
            + " as another user");
  }

  void own(Path path) throws IOException {
    if (account.isEmpty()) {
      return;
    }
    UserPrincipal owner =
        path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(account);
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.getFileAttributeView(file, PosixFileAttributeView.class).setOwner(owner);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            return visitFile(directory, attributes);
          }
        });
  }

  private static boolean works(String... command) {
    try {
      return new ProcessBuilder(command).start().onExit().join().exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
