package io.yima.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Sends requests byte by byte as they are written, which no HTTP client would send so. */
public final class RawHttp {

  private static final int PATIENCE = 20_000;

  private final List<String> headers = new ArrayList<>();

  private RawHttp() {}

  public static RawHttp as(String apiKey) {
    return anonymous().with("Authorization: Bearer " + apiKey);
  }

  public static RawHttp anonymous() {
    return new RawHttp().with("Host: localhost");
  }

  /** Without any header at all. */
  public static RawHttp bare() {
    return new RawHttp();
  }

  public RawHttp with(String header) {
    headers.add(header);
    return this;
  }

  public Answer send(String method, String address) {
    return send(head(method, address), new byte[0]);
  }

  /** With a JSON body. */
  public Answer send(String method, String address, byte[] body) {
    with("Content-Type: application/json").with("Content-Length: " + body.length);
    return send(head(method, address), body);
  }

  /** With a body that the headers given so far describe, rightly or not. */
  public Answer sendAsIs(String method, String address, byte[] body) {
    return send(head(method, address), body);
  }

  /** With a JSON body in one chunk, so that nothing announces its length. */
  public Answer sendChunked(String method, String address, byte[] body) {
    with("Content-Type: application/json").with("Transfer-Encoding: chunked");
    ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    chunks.writeBytes(latin1(Integer.toHexString(body.length) + "\r\n"));
    chunks.writeBytes(body);
    chunks.writeBytes(latin1("\r\n0\r\n\r\n"));
    return send(head(method, address), chunks.toByteArray());
  }

  private String head(String method, String address) {
    return method + " " + address + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
  }

  private static Answer send(String head, byte[] body) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      socket.setSoTimeout(PATIENCE);
      try {
        socket.getOutputStream().write(latin1(head));
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
      } catch (SocketException e) {
        // Refused before it was sent whole: the answer is there already.
      }
      return Answer.read(socket.getInputStream(), head.startsWith("HEAD "));
    } catch (IOException e) {
      throw new AssertionError("no answer to " + head.lines().findFirst().orElse(""), e);
    }
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** What came back. */
  public record Answer(int status, List<String> headers, String body) {

    /** Its first value. */
    public Optional<String> header(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      return headers.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(line -> line.substring(prefix.length()).strip())
          .findFirst();
    }

    public JsonPath json() {
      return JsonPath.from(body);
    }

    /** Has the whole shape of a problem; returns its code. */
    public String problem() {
      assertThat(header("Content-Type")).as(body).contains("application/problem+json");
      assertThat(json().getInt("status")).isEqualTo(status);
      assertThat(json().getString("type")).isEqualTo("about:blank");
      assertThat(json().getString("title")).isNotBlank();
      assertThat(header("X-Request-Id")).contains(json().getString("request_id"));
      return json().getString("code");
    }

    private static Answer read(InputStream in, boolean headOnly) throws IOException {
      String statusLine = line(in);
      List<String> headers = new ArrayList<>();
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        headers.add(line);
      }
      Answer head = new Answer(Integer.parseInt(statusLine.split(" ", 3)[1]), headers, "");
      if (headOnly) {
        return head;
      }
      int length = head.header("Content-Length").map(Integer::parseInt).orElse(0);
      String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      return new Answer(head.status(), headers, body);
    }

    private static String line(InputStream in) throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          throw new IOException("the connection was closed without a whole answer");
        }
        line.write(b);
      }
      return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
  }
}
