package io.yima.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/**
 * The stub's certificate, made for one run by the JDK's own keytool. The file serves as key store
 * of the stub and as trust store of those who call it; no production setting is weakened for it.
 */
record Certificate(Path file, String password) {

  static Certificate make(Path directory) throws IOException {
    byte[] random = new byte[12];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    Path file = directory.resolve("stub.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "stub",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,dns:api.weixin.qq.com,ip:127.0.0.1",
                "-ext",
                "bc:c=ca:true",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                password)
            .redirectErrorStream(true)
            .start();
    String output =
        new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (keytool.onExit().join().exitValue() != 0) {
      throw new IOException("keytool made no certificate: " + output);
    }
    return new Certificate(file, password);
  }

  /** Options that make a Java process trust the stub, and nobody else. */
  List<String> trusting() {
    return List.of(
        "-Djavax.net.ssl.trustStore=" + file, "-Djavax.net.ssl.trustStorePassword=" + password);
  }
}
