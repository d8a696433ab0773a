package io.yima.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * A request as the stub needs it.
 *
 * @param path without the query
 */
record StubRequest(String path, String body) {

  /** Text between a name and the closing quote in the body; empty when it is not there. */
  String field(String name) {
    int at = body.indexOf("\"" + name + "\"");
    if (at < 0) {
      return "";
    }
    int start = body.indexOf('"', body.indexOf(':', at)) + 1;
    return body.substring(start, body.indexOf('"', start));
  }

  /** A number in the body; empty when it is not there. */
  String number(String name) {
    int at = body.indexOf("\"" + name + "\"");
    if (at < 0) {
      return "";
    }
    int start = body.indexOf(':', at) + 1;
    int end = start;
    while (Character.isDigit(body.charAt(end))) {
      end++;
    }
    return body.substring(start, end);
  }

  /**
   * Cuts requests out of a connection. It understands what the contenders send, bodies with a
   * length, and refuses all else; being this simple keeps the stub from being the limit.
   */
  static final class Decoder extends ByteToMessageDecoder {

    private static final String LENGTH = "content-length:";

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      int head = endOfHead(in);
      if (head < 0) {
        return;
      }
      String lines = in.toString(in.readerIndex(), head, StandardCharsets.ISO_8859_1);
      int length = length(lines);
      if (in.readableBytes() < head + length) {
        return;
      }
      in.skipBytes(head);
      String body = in.readCharSequence(length, StandardCharsets.UTF_8).toString();
      out.add(new StubRequest(path(lines), body));
    }

    private static int endOfHead(ByteBuf in) {
      for (int at = in.readerIndex() + 3; at < in.writerIndex(); at++) {
        if (in.getByte(at) == '\n' && in.getByte(at - 2) == '\n') {
          return at + 1 - in.readerIndex();
        }
      }
      return -1;
    }

    private static int length(String lines) {
      String head = lines.toLowerCase(Locale.ROOT);
      int at = head.indexOf(LENGTH);
      if (at < 0) {
        if (head.contains("transfer-encoding:")) {
          throw new DecoderException("the stub takes no chunked bodies");
        }
        return 0;
      }
      int from = at + LENGTH.length();
      return Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip());
    }

    private static String path(String lines) {
      int from = lines.indexOf(' ') + 1;
      int to = lines.indexOf(' ', from);
      int query = lines.indexOf('?', from);
      return lines.substring(from, query > 0 && query < to ? query : to);
    }
  }
}
