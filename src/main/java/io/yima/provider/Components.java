package io.yima.provider;

import io.yima.secrets.Secret;
import io.yima.tenancy.ProviderEntry;
import io.yima.tenancy.ProviderId;
import io.yima.wechat.MessageCrypto;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** What callbacks need of a component app. */
@ApplicationScoped
public class Components {

  /** The app's message encryption, with the current and the former key. */
  public MessageCrypto messageCrypto(ProviderEntry provider) {
    throw new IllegalStateException("to be written " + provider);
  }

  /** Keeps a verify ticket if it is newer, by WeChat's CreateTime, than the one held. */
  public void ticketReceived(ProviderId provider, Secret ticket, long createTime) {
    throw new IllegalStateException("to be written " + provider + ticket + createTime);
  }

  /** Where the merchant's browser goes after authorizing, unless the link says otherwise. */
  public Optional<String> returnUrl(ProviderId provider) {
    throw new IllegalStateException("to be written " + provider);
  }
}
