package io.yima.limits;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection on which the head of a request takes too long to arrive, counted from its
 * first byte. An idle time alone would let a client send one byte now and then for days.
 */
final class HeadDeadline extends ChannelInboundHandlerAdapter {

  /** Events that {@link SlowClients} sends down the connection; texts, so that any loader may. */
  static final String ARRIVED = "yima: the head of a request has arrived";

  static final String ANSWERED = "yima: a request has been answered";

  private final Duration within;
  private @Nullable Future<?> deadline;
  private boolean underWay;

  HeadDeadline(Duration within) {
    this.within = within;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!underWay && deadline == null) {
      deadline =
          context
              .executor()
              .schedule(() -> closeNow(context), within.toMillis(), TimeUnit.MILLISECONDS);
    }
    context.fireChannelRead(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (ARRIVED.equals(event)) {
      underWay = true;
      cancel();
    } else if (ANSWERED.equals(event)) {
      underWay = false;
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancel();
    context.fireChannelInactive();
  }

  private static void closeNow(ChannelHandlerContext context) {
    var _ = context.close();
  }

  private void cancel() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }
}
