package io.yima.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.yima.api.IdempotencyKeys;
import io.yima.api.IdempotencyKeys.Claim;
import io.yima.api.Idempotent;
import io.yima.api.IdempotentRequest;
import io.yima.api.StoredAnswer;
import io.yima.tenancy.ProviderId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/**
 * Runs operations that are {@link Idempotent} once for each {@code Idempotency-Key} and answers
 * their repetitions. It stands here because a key of idempotency belongs to the API key that sent
 * it, and to the tenant.
 */
class IdempotencyFilter {

  static final String REPLAYED = "Idempotency-Replayed";

  private static final Logger LOG = Logger.getLogger(IdempotencyFilter.class);
  private static final String HEADER = "Idempotency-Key";

  /** For the key that no table knows, and which so has no id. */
  private static final String BOOTSTRAP = "bootstrap";

  private static final String RUN = IdempotencyFilter.class.getName();

  private final IdempotencyKeys keys;
  private final Caller caller;
  private final ObjectMapper json;

  IdempotencyFilter(IdempotencyKeys keys, Caller caller, ObjectMapper json) {
    this.keys = keys;
    this.caller = caller;
    this.json = json;
  }

  @Idempotent
  @ServerRequestFilter
  @Nullable Response once(
      ContainerRequestContext request, RoutingContext context, ResourceInfo resource)
      throws IOException {
    List<String> headers = context.request().headers().getAll(HEADER);
    if (headers.isEmpty()) {
      return null;
    }
    if (headers.size() > 1) {
      throw IdempotentRequest.invalidKey();
    }
    byte[] body = request.getEntityStream().readAllBytes();
    request.setEntityStream(new ByteArrayInputStream(body));
    IdempotentRequest asked =
        IdempotentRequest.of(
            tenant(resource),
            Objects.toString(caller.keyId(), BOOTSTRAP),
            headers.getFirst(),
            sent(context.request(), body));
    return switch (keys.claim(asked)) {
      case Claim.Answered(StoredAnswer answer) -> again(answer);
      case Claim.Run run -> {
        request.setProperty(RUN, run);
        yield null;
      }
    };
  }

  @Idempotent
  @ServerResponseFilter
  void keep(
      ContainerRequestContext request, ContainerResponseContext response, ResourceInfo resource) {
    if (request.getProperty(RUN) instanceof Claim.Run run) {
      try {
        if (StoredAnswer.isFinal(response.getStatus(), acceptedIsFinal(resource))) {
          keys.complete(run, answer(response));
        } else {
          keys.release(run);
        }
      } catch (RuntimeException e) {
        // Whatever it is: what was done is done, and is told. A repetition has to wait until the
        // run's time is
        // over.
        LOG.warn("An answer could not be kept for repetitions of its request", e);
      }
    }
  }

  private static boolean acceptedIsFinal(ResourceInfo resource) {
    Idempotent idempotent = resource.getResourceMethod().getAnnotation(Idempotent.class);
    return idempotent != null && idempotent.acceptedIsFinal();
  }

  /** What only operators may do is done for no tenant, whatever the header says. */
  private ProviderId tenant(ResourceInfo resource) {
    RolesAllowed allowed = resource.getResourceMethod().getAnnotation(RolesAllowed.class);
    return allowed != null && Set.of(allowed.value()).contains(Scope.OPERATOR)
        ? IdempotentRequest.NOBODY
        : caller.provider().id();
  }

  private static IdempotentRequest.Sent sent(HttpServerRequest request, byte[] body) {
    return new IdempotentRequest.Sent(
        request.method().name(),
        Objects.requireNonNullElse(request.path(), ""),
        Objects.requireNonNullElse(request.query(), ""),
        ByteBuffer.wrap(body));
  }

  private StoredAnswer answer(ContainerResponseContext response) {
    Object entity = response.getEntity();
    String type =
        entity instanceof HttpProblem
            ? HttpProblem.MEDIA_TYPE.toString()
            : MediaType.APPLICATION_JSON + ";charset=UTF-8";
    try {
      return new StoredAnswer(
          response.getStatus(),
          entity == null ? null : type,
          response.getHeaderString(HttpHeaders.LOCATION),
          entity == null ? null : json.writeValueAsString(entity));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer cannot be written as JSON", e);
    }
  }

  private static Response again(StoredAnswer answer) {
    return Response.status(answer.status())
        .header(REPLAYED, true)
        .header(HttpHeaders.LOCATION, answer.location())
        .type(answer.contentType())
        .entity(answer.body())
        .build();
  }
}
