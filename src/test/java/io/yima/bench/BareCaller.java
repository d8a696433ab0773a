package io.yima.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.WebTarget;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jboss.resteasy.reactive.client.api.QuarkusRestClientProperties;

/**
 * The bare loop: the HTTP client that ours uses (Quarkus' REST client, on Vert.x), with a pool of
 * the same size; it parses the answer, and does nothing else. No database, no lock, no sealing, no
 * deadline: what nobody who keeps tokens can do without is what ours may cost on top.
 */
final class BareCaller implements RefreshCaller {

  /** On a busy machine many connections at once take their time. */
  private static final int PATIENCE_SECONDS = 30;

  private final ObjectMapper json = new ObjectMapper();
  private final WebTarget target;

  BareCaller(URI address, int concurrency) {
    Client client =
        ClientBuilder.newBuilder()
            .connectTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .readTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .property(QuarkusRestClientProperties.CONNECTION_POOL_SIZE, concurrency)
            .build();
    target = client.target(address).path(PATH);
  }

  @Override
  public void refresh(int merchant) throws IOException {
    try (Response response =
        target
            .queryParam("component_access_token", COMPONENT_TOKEN)
            .request(MediaType.WILDCARD)
            .post(Entity.json(RefreshCaller.body(merchant)))) {
      JsonNode answer = json.readTree(response.readEntity(String.class));
      if (answer.path("authorizer_access_token").asText().isEmpty()) {
        throw new IOException("no token in the answer");
      }
    }
  }
}
