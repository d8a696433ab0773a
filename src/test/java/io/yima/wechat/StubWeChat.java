package io.yima.wechat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A pretend WeChat made of a plain socket, so that it can misbehave below HTTP. */
final class StubWeChat implements AutoCloseable {

  record Request(String target, String head, String body) {}

  /** What it does with a connection after it has read a request. */
  interface Behaviour {
    void answer(Socket socket) throws IOException, InterruptedException;
  }

  final List<Request> requests = new CopyOnWriteArrayList<>();
  private final ServerSocket server;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private volatile Behaviour behaviour = json("{}");

  StubWeChat() {
    try {
      server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  void answers(Behaviour behaviour) {
    this.behaviour = behaviour;
  }

  void answers(String json) {
    answers(json(json));
  }

  /** As WeChat does: JSON that calls itself text. */
  static Behaviour json(String body) {
    return http("200 OK", "text/plain", body);
  }

  static Behaviour http(String status, String contentType, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return raw(
        ("HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s")
            .formatted(status, contentType, bytes.length, body));
  }

  static Behaviour raw(String response) {
    return socket -> {
      socket.getOutputStream().write(response.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    };
  }

  static Behaviour reset() {
    return socket -> {
      socket.setSoLinger(true, 0);
      socket.close();
    };
  }

  static Behaviour silence() {
    return socket -> {};
  }

  Behaviour after(CountDownLatch latch, Behaviour then) {
    return socket -> {
      latch.await();
      then.answer(socket);
    };
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private void serve(Socket socket) {
    try {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (Request request = read(in); request != null; request = read(in)) {
        requests.add(request);
        behaviour.answer(socket);
      }
    } catch (IOException e) {
      // The client went away.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Request read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      head.write(next);
    }
    String lines = head.toString(StandardCharsets.US_ASCII);
    int length =
        lines
            .lines()
            .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
            .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
            .findFirst()
            .orElse(0);
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Request(lines.split(" ")[1], lines, body);
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
