package io.yima.provider;

import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderEntry;
import io.yima.testsupport.ComponentApp;
import jakarta.enterprise.context.ApplicationScoped;

/** Registers providers for tests of any room. */
@ApplicationScoped
public class RegisteredProviders {

  private final ProviderService service;
  private final ProviderDirectory directory;

  RegisteredProviders(ProviderService service, ProviderDirectory directory) {
    this.service = service;
    this.directory = directory;
  }

  public ProviderEntry register(ComponentApp app) {
    return register(app, null);
  }

  public ProviderEntry register(ComponentApp app, String returnUrl) {
    service.register(request(app, returnUrl));
    return entry(app);
  }

  public ProviderEntry entry(ComponentApp app) {
    return directory.find(app.appid()).orElseThrow();
  }

  public void rotateKey(ComponentApp app, String encodingAesKey) {
    ChangeProvider change = new ChangeProvider();
    change.encodingAesKey(encodingAesKey);
    service.change(app.appid(), change);
  }

  public void archive(ComponentApp app) {
    service.archive(app.appid());
  }

  static RegisterProvider request(ComponentApp app, String returnUrl) {
    return new RegisterProvider(
        app.appid(), "测试服务商", app.appsecret(), app.messageToken(), app.encodingAesKey(), returnUrl);
  }
}
