package io.yima.callback;

import io.yima.provider.RegisteredProviders;
import io.yima.tenancy.ProviderEntry;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Sandbox;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Providers that are registered here and in the pretend WeChat, and hold a ticket. */
@ApplicationScoped
public class ConnectedProviders {

  /** More than any test has at once. */
  private static final int AT_ONCE = 5;

  private final Deque<ComponentApp> introduced = new ArrayDeque<>();
  private final RegisteredProviders providers;
  private final InboxWork inbox;
  private final String publicUrl;

  ConnectedProviders(
      RegisteredProviders providers,
      InboxWork inbox,
      @ConfigProperty(name = "yima.public-url") String publicUrl) {
    this.providers = providers;
    this.inbox = inbox;
    this.publicUrl = publicUrl;
  }

  public ProviderEntry connect(ComponentApp app) {
    return connect(app, null);
  }

  public ProviderEntry connect(ComponentApp app, String returnUrl) {
    ProviderEntry provider = providers.register(app, returnUrl);
    introduce(app);
    return provider;
  }

  /**
   * Makes a provider that is registered here known to WeChat, from where its ticket comes. Those of
   * former tests are left alone from now on: what passes for one test passes for all, and hundreds
   * of tickets would come every ten minutes.
   */
  void introduce(ComponentApp app) {
    Sandbox.ofThisTest().platform(app, publicUrl);
    Sandbox.ofThisTest().pushTicket(app.appid());
    handlePushes();
    introduced.remove(app);
    introduced.add(app);
    if (introduced.size() > AT_ONCE) {
      ComponentApp former = introduced.removeFirst();
      providers.archive(former);
      Sandbox.ofThisTest().stopTickets(former.appid());
    }
  }

  /** Handles what was pushed until now. */
  public void handlePushes() {
    while (inbox.runDue(100) > 0) {
      continue;
    }
  }
}
