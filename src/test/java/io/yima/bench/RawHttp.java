package io.yima.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLSocketFactory;

/**
 * HTTP by hand on blocking sockets that stay open: the least that a client can cost, so that what
 * is measured through it is the other side. Safe for many virtual threads.
 */
final class RawHttp {

  private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final String LENGTH = "content-length:";
  private static final int STATUS_AT = "HTTP/1.1 ".length();

  private record Connection(Socket socket, InputStream in) {}

  private final URI address;
  private final ConcurrentLinkedQueue<Connection> idle = new ConcurrentLinkedQueue<>();

  RawHttp(URI address) {
    this.address = address;
  }

  /** A whole request; {@code headers} are lines with their ends. */
  static byte[] request(String method, String target, String headers, String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    String head =
        "%s %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n"
            .formatted(method, target, headers, length);
    return (head + body).getBytes(StandardCharsets.UTF_8);
  }

  /** Sends a request and reads its answer, of which only the status is told. */
  int exchange(byte[] request) throws IOException {
    Connection connection = idle.poll();
    if (connection == null) {
      connection = connect();
    }
    connection.socket().getOutputStream().write(request);
    int status = readAnswer(connection.in());
    idle.add(connection);
    return status;
  }

  private Connection connect() throws IOException {
    Socket socket =
        address.getScheme().equals("https")
            ? SSLSocketFactory.getDefault().createSocket(address.getHost(), address.getPort())
            : new Socket(address.getHost(), address.getPort());
    socket.setTcpNoDelay(true);
    return new Connection(socket, new BufferedInputStream(socket.getInputStream()));
  }

  private static int readAnswer(InputStream in) throws IOException {
    StringBuilder lines = new StringBuilder(256);
    int matched = 0;
    while (matched < END_OF_HEAD.length) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the other side closed the connection");
      }
      lines.append((char) next);
      matched = next == END_OF_HEAD[matched] ? matched + 1 : next == '\r' ? 1 : 0;
    }
    String head = lines.toString().toLowerCase(Locale.ROOT);
    int from = head.indexOf(LENGTH);
    if (from < 0) {
      throw new IOException("the answer has no length: " + head);
    }
    from += LENGTH.length();
    in.skipNBytes(Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip()));
    return Integer.parseInt(head.substring(STATUS_AT, STATUS_AT + 3));
  }
}
