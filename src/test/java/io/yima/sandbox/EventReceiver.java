package io.yima.sandbox;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The other end of the pushes: verifies, decrypts with code of its own, keeps, and answers. */
final class EventReceiver implements AutoCloseable {

  record Event(String path, String xml, boolean signed) {

    String field(String name) {
      Matcher found =
          Pattern.compile("<" + name + ">(?:<!\\[CDATA\\[)?(.*?)(?:]]>)?</" + name + ">")
              .matcher(xml);
      return found.find() ? found.group(1) : "";
    }
  }

  final List<Event> events = new CopyOnWriteArrayList<>();
  final AtomicInteger failures = new AtomicInteger();
  private final HttpServer server;

  EventReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          boolean fail = failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
          if (!fail) {
            events.add(
                read(
                    exchange.getRequestURI().getPath(), exchange.getRequestURI().getQuery(), body));
          }
          byte[] answer = (fail ? "busy" : "success").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }

  String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Event> of(String infoType) {
    return events.stream().filter(e -> e.field("InfoType").equals(infoType)).toList();
  }

  private static Event read(String path, String query, String body) {
    String encrypted =
        body.replaceAll("(?s).*<Encrypt>(.*)</Encrypt>.*", "$1")
            .replace("<![CDATA[", "")
            .replace("]]>", "")
            .strip();
    String expected =
        PushCrypto.sign(
            SandboxScene.MESSAGE_TOKEN, part(query, "timestamp"), part(query, "nonce"), encrypted);
    return new Event(path, decrypt(encrypted), expected.equals(part(query, "msg_signature")));
  }

  private static String part(String query, String name) {
    return Arrays.stream(query.split("&"))
        .filter(p -> p.startsWith(name + "="))
        .findFirst()
        .orElseThrow()
        .substring(name.length() + 1);
  }

  private static String decrypt(String encrypted) {
    try {
      byte[] key = Base64.getDecoder().decode(SandboxScene.AES_KEY + "=");
      Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(key, 0, 16));
      byte[] plain = cipher.doFinal(Base64.getDecoder().decode(encrypted));
      int length = ByteBuffer.wrap(plain, 16, 4).getInt();
      String appid =
          new String(
              plain,
              20 + length,
              plain.length - plain[plain.length - 1] - 20 - length,
              StandardCharsets.UTF_8);
      if (!appid.equals(SandboxScene.COMPONENT)) {
        throw new IllegalStateException("foreign appid " + appid);
      }
      return new String(plain, 20, length, StandardCharsets.UTF_8);
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
