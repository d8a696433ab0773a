package io.yima.authorizer;

import io.yima.tenancy.AuthorizerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** The merchants of a provider, for the rooms above. */
@ApplicationScoped
public class Authorizers {

  /** Where a merchant stands; empty when this provider has no such merchant. */
  public Optional<AuthorizerStanding> standing(AuthorizerId authorizer) {
    throw new IllegalStateException("to be written " + authorizer);
  }
}
