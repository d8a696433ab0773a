package io.yima.provider;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderEntry;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.YimaTestResource;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;

/** Registers providers for tests of any room, as an operator does. */
@ApplicationScoped
public class RegisteredProviders {

  private static final String PROVIDERS = "/api/v1/providers";

  private final ProviderDirectory directory;

  RegisteredProviders(ProviderDirectory directory) {
    this.directory = directory;
  }

  public ProviderEntry register(ComponentApp app) {
    return register(app, null);
  }

  public ProviderEntry register(ComponentApp app, String returnUrl) {
    Map<String, String> request = new HashMap<>();
    request.put("component_appid", app.appid());
    request.put("name", "测试服务商");
    request.put("component_appsecret", app.appsecret());
    request.put("message_token", app.messageToken());
    request.put("encoding_aes_key", app.encodingAesKey());
    request.put("return_url", returnUrl);
    operator().body(request).post(PROVIDERS).then().statusCode(201);
    return entry(app);
  }

  public ProviderEntry entry(ComponentApp app) {
    return directory.find(app.appid()).orElseThrow();
  }

  public void rotateKey(ComponentApp app, String encodingAesKey) {
    operator()
        .body(Map.of("encoding_aes_key", encodingAesKey))
        .patch(PROVIDERS + "/" + app.appid())
        .then()
        .statusCode(200);
  }

  public void archive(ComponentApp app) {
    operator().delete(PROVIDERS + "/" + app.appid()).then().statusCode(204);
  }

  private static RequestSpecification operator() {
    return given().auth().oauth2(YimaTestResource.OPERATOR_KEY).contentType(ContentType.JSON);
  }
}
