package io.yima.authorizer;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.yima.tenancy.AuthorizerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** All merchants as ORM knows them. */
@ApplicationScoped
class AuthorizerRecords implements PanacheRepositoryBase<Authorizer, Authorizer.Key> {

  Optional<Authorizer> find(AuthorizerId id) {
    return findByIdOptional(Authorizer.Key.of(id));
  }
}
