package io.yima.authorizer;

import io.yima.tenancy.AuthorizerId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import org.jboss.logging.Logger;

/** Tells the rooms above what was committed. */
@ApplicationScoped
class AuthorizerChanges {

  private static final Logger LOG = Logger.getLogger(AuthorizerChanges.class);

  private final Authorizers authorizers;
  private final Event<AuthorizerChanged> changed;

  AuthorizerChanges(Authorizers authorizers, Event<AuthorizerChanged> changed) {
    this.authorizers = authorizers;
    this.changed = changed;
  }

  /** An observer that fails must not undo what happened, nor keep others from their work. */
  void announce(AuthorizerId id) {
    try {
      authorizers
          .standing(id)
          .ifPresent(standing -> changed.fire(new AuthorizerChanged(id, standing)));
    } catch (RuntimeException e) {
      LOG.errorf(e, "the change of %s was not taken note of; the next due time will do", id);
    }
  }
}
