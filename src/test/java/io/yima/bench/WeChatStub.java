package io.yima.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A WeChat that answers after a set time and counts. It keeps no state of merchants and checks
 * nothing, on purpose: it must cost so little that it is never the limit, which the run proves with
 * {@link RawCaller}. One thread serves HTTP, HTTPS and, under {@code /stub/}, its controls.
 */
final class WeChatStub {

  private static final String CONTROL = "/stub/";
  private static final long HANDSHAKE_MILLIS = 60_000;

  private final StubTally tally = new StubTally();
  private final StubAnswers answers = new StubAnswers();
  private long latencyNanos;

  private WeChatStub() {}

  /** Arguments: a PKCS#12 file with the certificate, and its password. */
  public static void main(String[] arguments) throws IOException, GeneralSecurityException {
    SslContext tls = tls(Path.of(arguments[0]), arguments[1].toCharArray());
    WeChatStub stub = new WeChatStub();
    NioEventLoopGroup thread = new NioEventLoopGroup(1);
    int http = stub.listen(thread, null);
    int https = stub.listen(thread, tls);
    System.out.println(StubProcess.LISTENING + http + " " + https);
    // Its standard input ends with the benchmark, however that ends.
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(0);
  }

  private static SslContext tls(Path file, char[] password)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      keys.load(in, password);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, password);
    return SslContextBuilder.forServer(factory).build();
  }

  private int listen(NioEventLoopGroup thread, @Nullable SslContext tls) {
    Channel server =
        new ServerBootstrap()
            .group(thread)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 4096)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    if (tls != null) {
                      SslHandler handler = tls.newHandler(channel.alloc());
                      // On a busy machine hundreds of handshakes at once take their time.
                      handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
                      channel.pipeline().addLast(handler);
                    }
                    channel.pipeline().addLast(new StubRequest.Decoder(), new Answering());
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  private final class Answering extends SimpleChannelInboundHandler<StubRequest> {

    @Override
    protected void channelRead0(ChannelHandlerContext context, StubRequest request) {
      if (request.path().startsWith(CONTROL)) {
        send(context, control(request.path().substring(CONTROL.length())));
        return;
      }
      String appid = request.field("authorizer_appid");
      int merchant = appid.length() == Appids.LENGTH ? Appids.number(appid, 0) : -1;
      tally.arrived(merchant);
      if (latencyNanos == 0) {
        answer(context, request, merchant);
      } else {
        context
            .executor()
            .schedule(() -> answer(context, request, merchant), latencyNanos, TimeUnit.NANOSECONDS);
      }
    }

    private void answer(ChannelHandlerContext context, StubRequest request, int merchant) {
      tally.answered(merchant);
      send(context, answers.to(request));
    }

    private static void send(ChannelHandlerContext context, String json) {
      byte[] body = json.getBytes(StandardCharsets.UTF_8);
      // As WeChat does: JSON that calls itself text.
      String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length;
      byte[] bytes = (head + "\r\n\r\n" + json).getBytes(StandardCharsets.UTF_8);
      context.writeAndFlush(Unpooled.wrappedBuffer(bytes));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // A contender that was killed, or sent what no contender should: the connection is over.
      System.out.println("Connection closed: " + cause);
      context.close();
    }
  }

  /** The commands of {@link StubProcess}. */
  private String control(String command) {
    String[] words = command.split("/");
    switch (words[0]) {
      case "latency" -> latencyNanos = Long.parseLong(words[1]);
      case "reset" -> tally.reset();
      case "first" -> {
        return Integer.toString(tally.amongTheFirst(Integer.parseInt(words[1])));
      }
      default -> {
        return tally.json();
      }
    }
    return tally.json();
  }
}
