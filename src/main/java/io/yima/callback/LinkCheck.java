package io.yima.callback;

import io.yima.authorizer.AuthorizationLink;
import io.yima.authorizer.AuthorizationLinks;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderEntry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whether a merchant's browser came with a link that holds. */
@ApplicationScoped
class LinkCheck {

  private final ProviderDirectory directory;
  private final AuthorizationLinks links;
  private final Clock clock;

  LinkCheck(ProviderDirectory directory, AuthorizationLinks links, Clock clock) {
    this.directory = directory;
    this.links = links;
    this.clock = clock;
  }

  /** What a link turned out to be. */
  sealed interface Checked {

    record Valid(ProviderEntry provider, AuthorizationLink link) implements Checked {}

    record Expired() implements Checked {}

    record Unknown() implements Checked {}
  }

  Checked check(String componentAppid, @Nullable String linkId) {
    Optional<ProviderEntry> provider =
        directory.find(componentAppid).filter(entry -> !entry.archived());
    Optional<UUID> id = uuid(linkId);
    if (provider.isEmpty() || id.isEmpty()) {
      return new Checked.Unknown();
    }
    return links
        .find(provider.get().id(), id.get())
        .map(link -> checked(provider.get(), link))
        .orElseGet(Checked.Unknown::new);
  }

  private Checked checked(ProviderEntry provider, AuthorizationLink link) {
    return clock.instant().isBefore(link.expiresAt())
        ? new Checked.Valid(provider, link)
        : new Checked.Expired();
  }

  private static Optional<UUID> uuid(@Nullable String text) {
    try {
      return text == null ? Optional.empty() : Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
