package io.yima.packaged;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection over which requests go as they are written here: well, badly or in part. */
final class RawConnection implements AutoCloseable {

  private static final int TINY = 4_096;

  private final Socket socket;
  private final InputStream in;

  /** An answer whose body has been read and thrown away. */
  record Answer(int status, String head) {

    String header(String name) {
      String start = "\r\n" + name.toLowerCase(Locale.ROOT) + ": ";
      int at = head.toLowerCase(Locale.ROOT).indexOf(start);
      return at < 0
          ? ""
          : head.substring(at + start.length(), head.indexOf("\r\n", at + start.length()));
    }
  }

  RawConnection(int port) throws IOException {
    socket = new Socket();
    // So small that an answer that is not read soon fills everything on its way.
    socket.setReceiveBufferSize(TINY);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends this and nothing more. */
  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  Answer receive() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream(512);
    int last = 0;
    while (last != 0x0d0a0d0a) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed by the other side");
      }
      head.write(next);
      last = (last << 8) | next;
    }
    Answer answer =
        new Answer(
            Integer.parseInt(head.toString(StandardCharsets.ISO_8859_1).substring(9, 12)),
            head.toString(StandardCharsets.ISO_8859_1));
    String length = answer.header("Content-Length");
    in.skipNBytes(length.isEmpty() ? 0 : Long.parseLong(length));
    return answer;
  }

  /** Whether the other side has closed; what it sent before is thrown away. */
  boolean isClosed() throws IOException {
    socket.setSoTimeout(1);
    try {
      while (in.read() >= 0) {
        continue;
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
