package io.yima.testsupport;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A store that speaks as much of S3 as packages need, with one bucket, path-style. Requests must be
 * signed in this bucket's region with the known key id, and bodies be what their sums say.
 */
public final class S3Server implements AutoCloseable {

  public static final String BUCKET = "codes";
  public static final String REGION = "cn-north-1";
  public static final String KEY_ID = "AKIDEXAMPLE";
  public static final String SECRET = "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY";

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
  private static final Pattern SIGNED =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential="
              + KEY_ID
              + "/\\d{8}/"
              + REGION
              + "/s3/aws4_request, SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, Signature=[0-9a-f]{64}");

  /** How the next request goes wrong. */
  public enum Fault {
    /** Not at all. */
    NONE,
    /** 403, whatever is asked. */
    DENIED,
    /** 500. */
    BROKEN,
    /** The connection is closed in the middle of the answer. */
    CUT,
    /** The whole object, whatever range is asked for. */
    WHOLE
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable Runnable> meanwhile = new AtomicReference<>();

  public S3Server() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  public String endpoint() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  /** Objects by their keys. */
  public Map<String, byte[]> objects() {
    return objects;
  }

  /** Methods and keys of all requests. */
  public List<String> requests() {
    return requests;
  }

  /** The next requests go wrong in this way. */
  public void fail(Fault fault, int times) {
    for (int i = 0; i < times; i++) {
      faults.add(fault);
    }
  }

  /** Happens when the next package was put, before that is answered. */
  public void whenPut(Runnable what) {
    meanwhile.set(what);
  }

  /** From now on all is well. */
  public void mend() {
    faults.clear();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      requests.add(exchange.getRequestMethod() + " " + path);
      Fault fault = faults.poll();
      if (fault == Fault.DENIED || !isSigned(exchange, body)) {
        refuse(exchange, 403, "AccessDenied");
      } else if (fault == Fault.BROKEN) {
        refuse(exchange, 500, "InternalError");
      } else if (!path.startsWith("/" + BUCKET + "/")) {
        refuse(exchange, 404, "NoSuchBucket");
      } else {
        answer(exchange, path.substring(BUCKET.length() + 2), body, fault);
      }
    }
  }

  private void answer(HttpExchange exchange, String key, byte[] body, Fault fault)
      throws IOException {
    switch (exchange.getRequestMethod()) {
      case "PUT" -> {
        if (fault == Fault.CUT) {
          return;
        }
        if (!Base64.getEncoder()
            .encodeToString(digest("MD5", body))
            .equals(exchange.getRequestHeaders().getFirst("Content-MD5"))) {
          refuse(exchange, 400, "BadDigest");
          return;
        }
        objects.put(key, body);
        Runnable what = key.endsWith(".codes") ? meanwhile.getAndSet(null) : null;
        if (what != null) {
          what.run();
        }
        exchange.sendResponseHeaders(200, -1);
      }
      case "DELETE" -> {
        objects.remove(key);
        exchange.sendResponseHeaders(204, -1);
      }
      case "GET" -> {
        byte[] object = objects.get(key);
        if (object == null) {
          refuse(exchange, 404, "NoSuchKey");
        } else {
          give(exchange, object, fault);
        }
      }
      default -> refuse(exchange, 405, "MethodNotAllowed");
    }
  }

  private static void give(HttpExchange exchange, byte[] object, Fault fault) throws IOException {
    Matcher range = RANGE.matcher(exchange.getRequestHeaders().getFirst("Range"));
    int start = range.matches() ? Integer.parseInt(range.group(1)) : 0;
    int end = range.matches() ? Integer.parseInt(range.group(2)) : object.length - 1;
    if (start >= object.length) {
      refuse(exchange, 416, "InvalidRange");
      return;
    }
    if (fault == Fault.WHOLE) {
      exchange.sendResponseHeaders(200, object.length);
      exchange.getResponseBody().write(object);
      return;
    }
    int last = Math.min(end, object.length - 1);
    int length = last - start + 1;
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(start, last, object.length));
    exchange.sendResponseHeaders(206, length);
    OutputStream out = exchange.getResponseBody();
    // Closed before its announced length, the exchange ends with its connection.
    out.write(object, start, fault == Fault.CUT ? length / 2 : length);
    out.flush();
  }

  private static boolean isSigned(HttpExchange exchange, byte[] body) {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    String sum = exchange.getRequestHeaders().getFirst("x-amz-content-sha256");
    return authorization != null
        && SIGNED.matcher(authorization).matches()
        && (HexFormat.of().formatHex(digest("SHA-256", body)).equals(sum)
            || (body.length == 0 && "UNSIGNED-PAYLOAD".equals(sum)));
  }

  /** As S3 does, and with words that must not be told on. */
  private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
    byte[] xml =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <Error><Code>%s</Code><Message>said of %s</Message><RequestId>1</RequestId></Error>
        """
            .formatted(code, SECRET)
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    exchange.sendResponseHeaders(status, xml.length);
    exchange.getResponseBody().write(xml);
  }

  private static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
