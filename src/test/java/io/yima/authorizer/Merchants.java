package io.yima.authorizer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import io.yima.callback.ConnectedProviders;
import io.yima.provider.ComponentTokens;
import io.yima.provider.RegisteredProviders;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult.Success;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Providers and merchants for tests of this room, made as they come to be in production. */
@ApplicationScoped
class Merchants {

  private final ConnectedProviders connected;
  private final RegisteredProviders registered;
  private final Authorizations authorizations;
  private final ComponentTokens componentTokens;
  private final WeChatClient weChat;
  private final SettableClock clock;

  Merchants(
      ConnectedProviders connected,
      RegisteredProviders registered,
      Authorizations authorizations,
      ComponentTokens componentTokens,
      WeChatClient weChat,
      SettableClock clock) {
    this.connected = connected;
    this.registered = registered;
    this.authorizations = authorizations;
    this.componentTokens = componentTokens;
    this.weChat = weChat;
    this.clock = clock;
  }

  /** A provider that is registered, known to WeChat and has its ticket. */
  ProviderId provider(ComponentApp app) {
    return connected.connect(app).id();
  }

  /** Leaves the provider's merchants alone from now on. */
  void archive(ComponentApp app) {
    registered.archive(app);
  }

  /** A service account that has just authorized the provider under set 46. */
  AuthorizerId authorized(ProviderId provider, ComponentApp app) {
    AuthorizerId id = new AuthorizerId(provider, Sandbox.ofThisTest().serviceAccount("商户"));
    authorize(id, app, List.of(1, 46));
    return id;
  }

  void authorize(AuthorizerId id, ComponentApp app, List<Integer> sets) {
    String code = Sandbox.ofThisTest().authorize(app.appid(), id.authorizerAppid(), sets, false);
    ExchangeOutcome outcome =
        authorizations.exchange(
            id.provider(), Secret.of(code), clock.instant().getEpochSecond(), soon());
    assertThat(outcome).isEqualTo(new ExchangeOutcome.Authorized(id));
  }

  /** A merchant who authorized, and whose code another system exchanged: nothing is known here. */
  AuthorizerId authorizedElsewhere(ProviderId provider, ComponentApp app, String appid) {
    String code = Sandbox.ofThisTest().authorize(app.appid(), appid, List.of(1, 46), false);
    assertThat(
            componentTokens.call(
                provider,
                soon(),
                (component, token) -> weChat.queryAuth(component, token, Secret.of(code), soon())))
        .isInstanceOf(Success.class);
    return new AuthorizerId(provider, appid);
  }

  static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(10), Urgency.INTERACTIVE);
  }

  /** A request of the operator for this provider. */
  static RequestSpecification as(ComponentApp app) {
    return given()
        .header("Authorization", "Bearer " + YimaTestResource.OPERATOR_KEY)
        .header("Yima-Provider", app.appid())
        .contentType(ContentType.JSON);
  }

  static String path(AuthorizerId id) {
    return "/api/v1/authorizers/" + id.authorizerAppid();
  }

  /** How often WeChat was asked to refresh this merchant's token. */
  static int refreshCalls(ComponentApp app, AuthorizerId id) {
    Map<String, Integer> calls = Sandbox.ofThisTest().counters().getMap("refresh_calls");
    return calls.getOrDefault(app.appid() + "/" + id.authorizerAppid(), 0);
  }
}
