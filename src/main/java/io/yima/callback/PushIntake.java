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
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Verifies, decrypts and stores pushes. Calls nobody outside. */
@ApplicationScoped
class PushIntake {

  /** What became of a push. */
  sealed interface Intake {

    /** It is stored, and nothing but that is answered. */
    record Stored() implements Intake {}

    /** It is stored, and this is answered. */
    record Replied(String answer) implements Intake {}

    record Refused() implements Intake {}

    record UnknownComponent() implements Intake {}
  }

  private static final Logger LOG = Logger.getLogger(PushIntake.class);

  private final ProviderDirectory directory;
  private final Components components;
  private final Inbox inbox;
  private final ReleaseChecks checks;
  private final WorkLoops loops;
  private final Clock clock;
  private final MeterRegistry metrics;

  PushIntake(
      ProviderDirectory directory,
      Components components,
      Inbox inbox,
      ReleaseChecks checks,
      WorkLoops loops,
      Clock clock,
      MeterRegistry metrics) {
    this.directory = directory;
    this.components = components;
    this.inbox = inbox;
    this.checks = checks;
    this.loops = loops;
    this.clock = clock;
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
      return count(new Intake.UnknownComponent(), "unknown_component");
    }
    if (authorizerAppid != null && !AuthorizerId.isAppid(authorizerAppid)) {
      return count(new Intake.Refused(), "bad_appid");
    }
    Optional<PushEnvelope> envelope = PushEnvelope.parse(body);
    if (envelope.isEmpty()) {
      return count(new Intake.Refused(), "bad_envelope");
    }
    return switch (decrypt(provider.get(), signature, envelope.get())) {
      case Decryption.Refused(Decryption.Reason reason) -> {
        LOG.debugf("A push for %s was refused: %s", componentAppid, reason);
        yield count(new Intake.Refused(), reason.name().toLowerCase(Locale.ROOT));
      }
      case Decryption.Decrypted decrypted -> {
        ReceivedPush push = ReceivedPush.of(decrypted.xml(), authorizerAppid);
        if (!push.isFor(componentAppid)) {
          yield count(new Intake.Refused(), "foreign_appid");
        }
        Optional<Instant> since = inbox.store(provider.get().id(), push);
        Intake stored = stored(provider.get(), authorizerAppid, decrypted, since);
        loops.wake(InboxWork.KIND);
        yield count(stored, "stored");
      }
    };
  }

  private Decryption decrypt(
      ProviderEntry provider, PushSignature signature, PushEnvelope envelope) {
    return components.messageCrypto(provider).decrypt(signature.over(envelope));
  }

  /** Probes of the release check alone want more than to be told that they arrived. */
  private Intake stored(
      ProviderEntry provider,
      @Nullable String authorizerAppid,
      Decryption.Decrypted message,
      Optional<Instant> since) {
    Optional<Probe> probe = Probe.of(authorizerAppid, message.xml());
    if (probe.isEmpty() || authorizerAppid == null) {
      return new Intake.Stored();
    }
    Instant now = clock.instant();
    AuthorizerId account = new AuthorizerId(provider.id(), authorizerAppid);
    Probe.Kind kind = probe.get().kind();
    return switch (kind) {
      case TEXT, EVENT -> {
        String reply = TextReply.to(probe.get(), message, components.messageCrypto(provider), now);
        checks.answered(account, kind, now, now);
        yield new Intake.Replied(reply);
      }
      case API -> {
        // One that WeChat repeats may have been answered meanwhile.
        since.ifPresent(at -> checks.received(account, kind, at));
        yield new Intake.Replied("");
      }
    };
  }

  private Intake count(Intake intake, String outcome) {
    metrics.counter("yima_pushes_received", "outcome", outcome).increment();
    return intake;
  }
}
