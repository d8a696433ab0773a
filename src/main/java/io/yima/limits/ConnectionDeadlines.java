package io.yima.limits;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Sets deadlines on each connection to this node's port. Neither Quarkus nor Vert.x has a setting
 * for them; Netty calls this extension for every connection it accepts, where {@code Main} has told
 * it to look for extensions.
 */
public class ConnectionDeadlines extends ChannelInitializerExtension {

  /** The system property by which Netty looks for extensions, and the value that makes it. */
  public static final String SWITCH = "io.netty.bootstrap.extensions";

  public static final String ON = "serviceload";

  @Override
  public void postInitializeServerChildChannel(Channel connection) {
    connection
        .pipeline()
        .addFirst(
            new WriteTimeoutHandler(
                setting("yima.limits.body-within").toMillis(), TimeUnit.MILLISECONDS))
        .addFirst(new HeadDeadline(setting("yima.limits.head-within")));
  }

  /** Checked by {@link LimitSettings}, which this class, made by Netty, cannot be given. */
  private static Duration setting(String name) {
    return ConfigProvider.getConfig().getValue(name, Duration.class);
  }
}
