package io.yima.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Tells the gateway's callers in WeChat's words what others are told as a problem. */
class GatewayAnswers {

  private static final Annotation[] NONE = {};

  @ServerResponseFilter
  void speakWeChat(ContainerRequestContext request, ContainerResponseContext response) {
    if (response.getEntity() instanceof HttpProblem problem
        && WeChatShape.isFor(request.getUriInfo().getPath())) {
      response.setStatus(200);
      response.setEntity(
          WeChatShape.of(problem), NONE, MediaType.APPLICATION_JSON_TYPE.withCharset("UTF-8"));
    }
  }
}
