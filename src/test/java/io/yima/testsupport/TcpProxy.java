package io.yima.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network between two processes that can fall apart: packets vanish, and both ends keep their
 * connections without hearing of it.
 */
public final class TcpProxy implements AutoCloseable {

  private final int port;
  private volatile ServerSocket server;
  private volatile int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean partitioned;
  private boolean closed;
  private volatile String partitionAt = "";

  private TcpProxy(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
    this.port = server.getLocalPort();
  }

  /** Listens on a port of its own and forwards to a port of this machine. */
  public static TcpProxy to(int target) {
    try {
      TcpProxy proxy = new TcpProxy(listen(0), target);
      proxy.start();
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  /** From now on connections are refused; those that are open end as their target ends them. */
  public void refuse() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes connections again, to another port. */
  public void acceptFor(int newTarget) {
    try {
      target = newTarget;
      server = listen(port);
      start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on nothing arrives any more, and nobody is told. */
  public void partition() {
    setPartitioned(true);
  }

  /** What was sent meanwhile arrives late, and everything else as before. */
  public void heal() {
    setPartitioned(false);
  }

  /**
   * A {@link #partition()} as soon as this text is sent next: it still arrives, and its answer does
   * not.
   */
  public void partitionAfter(String text) {
    partitionAt = text;
  }

  private void setPartitioned(boolean value) {
    lock.lock();
    try {
      partitioned = value;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
    return server;
  }

  private void start() {
    ServerSocket listening = server;
    Thread.ofVirtual().start(() -> accept(listening));
  }

  private void accept(ServerSocket listening) {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        sockets.add(client);
        Thread.ofVirtual().start(() -> connect(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void connect(Socket client) {
    try {
      awaitPassage();
      Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(there);
      Thread.ofVirtual().start(() -> forward(client, there, true));
      forward(there, client, false);
    } catch (IOException e) {
      close(client);
    }
  }

  private void forward(Socket from, Socket to, boolean outward) {
    byte[] buffer = new byte[16 * 1024];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        awaitPassage();
        boolean last = outward && isTheLast(buffer, length);
        if (last) {
          // Both ends stay open: what went on its way is to arrive, and its answer to be lost.
          setPartitioned(true);
        }
        out.write(buffer, 0, length);
        out.flush();
      }
    } catch (IOException e) {
      // One end is gone; closing tells the other.
    }
  }

  private boolean isTheLast(byte[] buffer, int length) {
    String text = partitionAt;
    boolean last =
        !text.isEmpty()
            && new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains(text);
    if (last) {
      partitionAt = "";
    }
    return last;
  }

  private void awaitPassage() throws IOException {
    lock.lock();
    try {
      while (partitioned && !closed) {
        changed.awaitUninterruptibly();
      }
      if (closed) {
        throw new IOException("closed");
      }
    } finally {
      lock.unlock();
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    server.close();
    sockets.forEach(TcpProxy::close);
  }
}
