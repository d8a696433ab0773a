package io.yima.authorizer;

import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.AuthorizerProfile;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.wechat.WeChatResult.Success;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Asks WeChat about one merchant because somebody wants to know. */
@ApplicationScoped
public class AuthorizerInquiry {

  private final Profiles profiles;
  private final AuthorizerChanges changes;

  AuthorizerInquiry(Profiles profiles, AuthorizerChanges changes) {
    this.profiles = profiles;
    this.changes = changes;
  }

  /**
   * Asks, and stores what WeChat tells, so that {@link Authorizers#account} knows it. Empty when
   * WeChat told; else why not.
   */
  public Optional<Failure> ask(AuthorizerId id, Deadline deadline) {
    Optional<Integer> version = profiles.version(id);
    return switch (profiles.ask(id, deadline)) {
      case Success<AuthorizerProfile>(AuthorizerProfile profile) -> {
        version
            .flatMap(seen -> profiles.store(id, seen, profile, FoundBy.READINESS))
            .filter(Drift::ofStanding)
            .ifPresent(_ -> changes.announce(id));
        yield Optional.empty();
      }
      case Failed<AuthorizerProfile>(Failure failure) -> Optional.of(failure);
    };
  }
}
