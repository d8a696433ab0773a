package io.yima.authorizer;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.yima.tenancy.ProviderId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** All invitations. */
@ApplicationScoped
class Invitations implements PanacheRepositoryBase<Invitation, Invitation.Key> {

  Optional<Invitation> find(ProviderId provider, UUID id) {
    return findByIdOptional(new Invitation.Key(provider.value(), id));
  }
}
