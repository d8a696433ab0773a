package io.yima.callback;

import io.micrometer.core.instrument.MeterRegistry;
import io.yima.provider.Components;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderEntry;
import io.yima.wechat.Decryption;
import io.yima.wechat.PushEnvelope;
import io.yima.work.WorkLoops;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Verifies, decrypts and stores pushes. Calls nobody outside. */
@ApplicationScoped
class PushIntake {

  /** What became of a push. */
  enum Intake {
    STORED,
    REFUSED,
    UNKNOWN_COMPONENT
  }

  private static final Logger LOG = Logger.getLogger(PushIntake.class);

  private final ProviderDirectory directory;
  private final Components components;
  private final Inbox inbox;
  private final WorkLoops loops;
  private final MeterRegistry metrics;

  PushIntake(
      ProviderDirectory directory,
      Components components,
      Inbox inbox,
      WorkLoops loops,
      MeterRegistry metrics) {
    this.directory = directory;
    this.components = components;
    this.inbox = inbox;
    this.loops = loops;
    this.metrics = metrics;
  }

  /**
   * @param authorizerAppid of the path, for a message; absent for an event
   */
  Intake take(
      String componentAppid,
      @Nullable String authorizerAppid,
      PushSignature signature,
      byte[] body) {
    Optional<ProviderEntry> provider = directory.find(componentAppid);
    if (provider.isEmpty()) {
      return count(Intake.UNKNOWN_COMPONENT, "unknown_component");
    }
    if (authorizerAppid != null && !AuthorizerId.isAppid(authorizerAppid)) {
      return count(Intake.REFUSED, "bad_appid");
    }
    Optional<PushEnvelope> envelope = PushEnvelope.parse(body);
    if (envelope.isEmpty()) {
      return count(Intake.REFUSED, "bad_envelope");
    }
    return switch (decrypt(provider.get(), signature, envelope.get())) {
      case Decryption.Refused(Decryption.Reason reason) -> {
        LOG.debugf("A push for %s was refused: %s", componentAppid, reason);
        yield count(Intake.REFUSED, reason.name().toLowerCase(Locale.ROOT));
      }
      case Decryption.Decrypted decrypted -> {
        ReceivedPush push = ReceivedPush.of(decrypted.xml(), authorizerAppid);
        if (!push.isFor(componentAppid)) {
          yield count(Intake.REFUSED, "foreign_appid");
        }
        inbox.store(provider.get().id(), push);
        loops.wake(InboxWork.KIND);
        yield count(Intake.STORED, "stored");
      }
    };
  }

  private Decryption decrypt(
      ProviderEntry provider, PushSignature signature, PushEnvelope envelope) {
    return components.messageCrypto(provider).decrypt(signature.over(envelope));
  }

  private Intake count(Intake intake, String outcome) {
    metrics.counter("yima_pushes_received", "outcome", outcome).increment();
    return intake;
  }
}
