package io.yima.authorizer;

import io.quarkus.runtime.Startup;
import io.yima.work.CheckedSetting;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The settings of this room, checked when the application starts. */
@Startup
@Singleton
class AuthorizerSettings {

  private final Duration linkLife;
  private final Duration reconcileEvery;

  AuthorizerSettings(AuthorizationConfig authorization, ReconcileConfig reconcile) {
    linkLife = CheckedSetting.positive("YIMA_AUTHORIZATION_LINK_LIFE", authorization.linkLife());
    reconcileEvery = CheckedSetting.positive("YIMA_RECONCILE_EVERY", reconcile.every());
  }

  Duration linkLife() {
    return linkLife;
  }

  Duration reconcileEvery() {
    return reconcileEvery;
  }
}
