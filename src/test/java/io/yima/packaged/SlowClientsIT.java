package io.yima.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.YimaTestResource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that take their time, on sockets of their own; each of them has to be cut off. */
class SlowClientsIT {

  private static final int EACH = 5;

  private static final Map<String, String> IMPATIENT =
      Map.of(
          "YIMA_LIMITS_HEAD_WITHIN", "PT1S",
          "YIMA_LIMITS_BODY_WITHIN", "PT2S",
          "QUARKUS_HTTP_IDLE_TIMEOUT", "PT4S",
          "YIMA_LIMITS_FAILED_AUTHENTICATIONS", "3",
          // Nobody is believed here: this machine's loopback is no trusted proxy.
          "QUARKUS_HTTP_PROXY_TRUSTED_PROXIES", "192.0.2.1");

  @TempDir Path directory;

  private final ComponentApp app = ComponentApp.unheardOf();

  @Test
  void whoever_is_too_slow_is_cut_off_and_nobody_else() throws Exception {
    try (PackagedYima yima = new PackagedYima(directory)) {
      JavaProcess node = yima.startNode(yima.port(), IMPATIENT);
      ApiClient api = new ApiClient(yima.port(), app);
      assertThat(api.register().statusCode()).isEqualTo(201);

      cutsOff(yima, "a head that trickles", "GET /api/v1/provider HTTP/1.1\r\nX: ", true);
      cutsOff(yima, "a body that trickles", post("/api/v1/authorization-links"), true);
      cutsOff(
          yima,
          "a body that trickles, without a key",
          post("/api/v1/authorization-links").replaceAll("Authorization: .*\r\n", ""),
          true);
      cutsOff(
          yima, "a push that trickles", post("/wechat/" + app.appid() + "/events?nonce=1"), true);
      cutsOff(yima, "a connection without a request", "", false);
      cutsOff(yima, "a connection that is kept and not used", get("/q/health/live"), false);
      cutsOffWhoDoesNotRead(yima);

      assertThat(PackagedYima.isReady(yima.port())).isTrue();
      assertThat(api.register().statusCode()).as("others are served").isEqualTo(409);
      assertThat(node.output()).doesNotContain(" ERROR ");
      assertNoUntrustedProxyIsBelieved(yima, node);
    }
  }

  private void cutsOff(PackagedYima yima, String kind, String start, boolean trickles)
      throws Exception {
    List<RawConnection> clients = new ArrayList<>();
    for (int i = 0; i < EACH; i++) {
      RawConnection client = new RawConnection(yima.port());
      client.send(start);
      clients.add(client);
    }
    await(kind)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> allClosed(clients, trickles));
    for (RawConnection client : clients) {
      client.close();
    }
    Robustness.row("Limits", kind, EACH, "connection closed");
  }

  /** Each goes on sending as long as it may: being idle is not what it is cut off for. */
  private static boolean allClosed(List<RawConnection> clients, boolean trickle)
      throws IOException {
    boolean closed = true;
    for (RawConnection client : clients) {
      if (client.isClosed()) {
        continue;
      }
      closed = false;
      if (trickle) {
        sendUnlessClosed(client);
      }
    }
    return closed;
  }

  private static boolean sendUnlessClosed(RawConnection client) {
    try {
      client.send(" ");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Asks for much and reads nothing, while it keeps on asking. */
  private void cutsOffWhoDoesNotRead(PackagedYima yima) throws Exception {
    List<RawConnection> clients = new ArrayList<>();
    for (int i = 0; i < EACH; i++) {
      RawConnection client = new RawConnection(yima.port());
      client.send(get("/q/openapi").repeat(100));
      clients.add(client);
    }
    await("an answer that is not read")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> clients.stream().noneMatch(SlowClientsIT::sendUnlessClosed));
    for (RawConnection client : clients) {
      client.close();
    }
    Robustness.row("Limits", "an answer that is not read", EACH, "connection closed");
  }

  /** Whatever address it claims, its failures are counted under its own. */
  private void assertNoUntrustedProxyIsBelieved(PackagedYima yima, JavaProcess node)
      throws IOException {
    List<Integer> statuses = new ArrayList<>();
    try (RawConnection client = new RawConnection(yima.port())) {
      for (int i = 0; i < 20; i++) {
        client.send(
            "GET /api/v1/provider HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer wrong"
                + i
                + "\r\nX-Forwarded-For: 198.51.100."
                + i
                + "\r\nForwarded: for=198.51.100."
                + i
                + "\r\n\r\n");
        statuses.add(client.receive().status());
      }
    }

    assertThat(node.output()).containsOnlyOnce("has X-Forwarded-For, which is not believed");
    assertThat(statuses).startsWith(401, 401, 401, 429);
    assertThat(statuses.subList(0, 10)).containsOnly(401, 429);
    Robustness.row(
        "Limits",
        "a wrong key with X-Forwarded-For of another address each, from no trusted proxy",
        statuses.size(),
        "counted as one address: 401, after three of them 429");
  }

  private String post(String path) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
        + YimaTestResource.OPERATOR_KEY
        + "\r\nYima-Provider: "
        + app.appid()
        + "\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n{";
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }
}
