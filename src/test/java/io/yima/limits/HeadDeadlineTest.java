package io.yima.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeadDeadlineTest {

  private final EmbeddedChannel connection =
      new EmbeddedChannel(new HeadDeadline(Duration.ofSeconds(10)));

  HeadDeadlineTest() {
    connection.freezeTime();
  }

  @Test
  void a_head_that_trickles_is_cut_off_however_steadily() {
    for (int i = 0; i < 9; i++) {
      receive("x");
      pass(1);
      assertThat(connection.isOpen()).isTrue();
    }

    receive("x");
    pass(1);

    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void a_request_under_way_takes_as_long_as_it_takes() {
    receive("GET / HTTP/1.1\r\n\r\n");
    tell(HeadDeadline.ARRIVED);

    pass(60);
    receive("the body, later");
    pass(60);

    assertThat(connection.isOpen()).isTrue();
  }

  @Test
  void the_head_of_the_next_request_has_its_own_time() {
    receive("GET / HTTP/1.1\r\n\r\n");
    tell(HeadDeadline.ARRIVED);
    tell(HeadDeadline.ANSWERED);
    pass(60);
    assertThat(connection.isOpen()).as("between requests").isTrue();

    receive("G");
    pass(9);
    assertThat(connection.isOpen()).isTrue();
    pass(1);

    assertThat(connection.isOpen()).isFalse();
  }

  private void receive(String text) {
    connection.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    connection.releaseInbound();
  }

  private void tell(String event) {
    connection.pipeline().fireUserEventTriggered(event);
  }

  private void pass(int seconds) {
    connection.advanceTimeBy(seconds, TimeUnit.SECONDS);
    connection.runScheduledPendingTasks();
  }
}
