package io.yima.packages;

import io.yima.secrets.Secret;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Decrypts packages, keeps each in a file, and copies those; looks at no byte of them. */
final class BareCodeStream implements CodeStream {

  private final Path directory;
  private final boolean inPieces;
  private final List<Path> files = new ArrayList<>();

  /**
   * @param inPieces whether packages are decrypted as ours are, in pieces; else each with one call
   *     of Java's decoder and one of its cipher
   */
  BareCodeStream(Path directory, boolean inPieces) {
    this.directory = directory;
    this.inPieces = inPieces;
  }

  @Override
  public void take(CodeRange range, String buffer) throws IOException, GeneralSecurityException {
    ByteBuffer plain = inPieces ? decryptedInPieces(buffer) : decrypted(buffer);
    Path file = directory.resolve(range.codeStart() + ".txt");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (plain.hasRemaining()) {
        channel.write(plain);
      }
      channel.force(true);
    }
    files.add(file);
  }

  private static ByteBuffer decrypted(String buffer) throws GeneralSecurityException {
    byte[] bytes = Base64.getDecoder().decode(buffer);
    byte[] key = KEY.getBytes(StandardCharsets.US_ASCII);
    Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
    cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(key));
    byte[] plain = cipher.doFinal(bytes);
    return ByteBuffer.wrap(plain, 0, plain.length - plain[plain.length - 1]);
  }

  private static ByteBuffer decryptedInPieces(String buffer) {
    if (new EncryptedCodes(buffer).open(Secret.of(KEY)) instanceof Opened.Text(ByteBuffer text)) {
      return text;
    }
    throw new IllegalStateException("the package does not open");
  }

  @Override
  public void give(int from) throws IOException {
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(directory.resolve("codes.txt")))) {
      for (Path file : files.subList(from, files.size())) {
        Files.copy(file, out);
      }
    }
  }
}
