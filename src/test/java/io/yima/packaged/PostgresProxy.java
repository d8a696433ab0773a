package io.yima.packaged;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a node and PostgreSQL and does to their conversation what networks do, or what a
 * bug in a statement would do: it reads the node's messages, and the nodes' code stays as it is.
 */
final class PostgresProxy implements AutoCloseable {

  /** Type of the frontend's message that brings a statement's text. */
  private static final int PARSE = 'P';

  private final ServerSocket listener;
  private volatile SqlMutation mutation;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger commitsToCut = new AtomicInteger();
  private final AtomicInteger commitsCut = new AtomicInteger();
  private volatile int server;

  PostgresProxy(String jdbcUrl, SqlMutation mutation) {
    this.mutation = mutation;
    redirect(jdbcUrl);
    try {
      listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("postgres-proxy").start(this::accept);
  }

  /** Where the node is to look for its database: every statement is sent as text each time. */
  String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:"
        + listener.getLocalPort()
        + "/yima?sslmode=disable&prepareThreshold=0&raiseExceptionOnSilentRollback=false";
  }

  /** From now on, new connections go to the server of this address. */
  void redirect(String jdbcUrl) {
    String authority = jdbcUrl.substring("jdbc:postgresql://127.0.0.1:".length());
    server = Integer.parseInt(authority.substring(0, authority.indexOf('/')));
  }

  /** From now on, statements lack this safeguard. */
  void mutate(SqlMutation other) {
    mutation = other;
  }

  /**
   * Lets the next transactions that wrote something commit, and cuts their connections before the
   * node learns of it.
   */
  void cutAfterCommit(int times) {
    commitsToCut.addAndGet(times);
  }

  /** How many commits went through without the node learning of it. */
  int commitsCut() {
    return commitsCut.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    open.forEach(PostgresProxy::end);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket node = listener.accept();
        open.add(node);
        Thread.ofVirtual().name("postgres-proxy-connection").start(() -> connect(node));
      } catch (IOException e) {
        // Closed, or a client that gave up: the next one counts.
        continue;
      }
    }
  }

  private void connect(Socket node) {
    try (node;
        Socket postgres = new Socket(InetAddress.getLoopbackAddress(), server)) {
      open.add(postgres);
      Conversation conversation = new Conversation(node, postgres);
      Thread answers = Thread.ofVirtual().name("postgres-proxy-answers").start(conversation::back);
      conversation.forth();
      end(postgres);
      answers.join();
      open.remove(postgres);
    } catch (IOException e) {
      // Either side hung up, or the server is down: the node sees its connection end.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(node);
    }
  }

  private static void end(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Conversation {

    private final Socket node;
    private final Socket postgres;
    private boolean wrote;
    private boolean mayNotCommit;
    private volatile boolean cutAtNextAnswer;

    Conversation(Socket node, Socket postgres) {
      this.node = node;
      this.postgres = postgres;
    }

    /** What the node says, message by message; the first one alone has no type. */
    void forth() throws IOException {
      DataInputStream in = new DataInputStream(new BufferedInputStream(node.getInputStream()));
      OutputStream stream = postgres.getOutputStream();
      DataOutputStream out = new DataOutputStream(new BufferedOutputStream(stream, 1 << 16));
      pass(in.readInt(), in, out, false);
      out.flush();
      for (int type = in.read(); type >= 0; type = in.read()) {
        out.writeByte(type);
        pass(in.readInt(), in, out, type == PARSE);
        if (in.available() == 0) {
          out.flush();
        }
      }
    }

    private void pass(int length, DataInputStream in, DataOutputStream out, boolean parse)
        throws IOException {
      byte[] body = in.readNBytes(length - Integer.BYTES);
      out.writeInt(length);
      out.write(parse ? statement(body) : body);
    }

    /** The same number of bytes, so that nothing else of the message has to change. */
    private byte[] statement(byte[] body) {
      String text = new String(body, StandardCharsets.ISO_8859_1);
      String sql =
          text.substring(text.indexOf('\0') + 1, text.indexOf('\0', text.indexOf('\0') + 1));
      if (sql.equals("COMMIT")) {
        return committing(body, text);
      }
      if (sql.equals("BEGIN") || sql.equals("ROLLBACK")) {
        wrote = false;
        mayNotCommit = false;
      }
      String start = sql.stripLeading().toLowerCase(Locale.ROOT);
      wrote |= start.startsWith("insert") || start.startsWith("update");
      mayNotCommit |= mutation.undoes(sql);
      return text.replace(sql, mutation.of(sql)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] committing(byte[] body, String text) {
      if (mayNotCommit) {
        return text.replace("COMMIT", "ABORT ").getBytes(StandardCharsets.ISO_8859_1);
      }
      cutAtNextAnswer = wrote && commitsToCut.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
      wrote = false;
      return body;
    }

    /** What PostgreSQL answers. */
    void back() {
      byte[] buffer = new byte[1 << 16];
      try (node) {
        InputStream in = postgres.getInputStream();
        OutputStream out = node.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (cutAtNextAnswer) {
            commitsCut.incrementAndGet();
            return;
          }
          out.write(buffer, 0, read);
        }
      } catch (IOException e) {
        // The conversation is over; its other half notices by itself.
      }
    }
  }
}
