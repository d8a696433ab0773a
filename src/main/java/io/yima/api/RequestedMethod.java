package io.yima.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.QueryParam;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jspecify.annotations.Nullable;

/** What the resource method that a request asks for says about why it was refused. */
final class RequestedMethod {

  private static final String OPERATOR = "operator";

  private RequestedMethod() {}

  /** Names the scope that the key lacks. */
  static HttpProblem forbidden() {
    List<String> needed = method().map(RequestedMethod::roles).orElse(List.of());
    if (needed.contains(OPERATOR)) {
      return Problems.of(403, "operator_only", "Only an operator's key may do this.");
    }
    return needed.isEmpty()
        ? Problems.of(403, "forbidden", "The API key may not do this.")
        : Problems.of(
            403,
            "scope_missing",
            "The API key lacks the scope " + String.join(" or ", needed) + ".");
  }

  /** The 405 with the methods that the address has, where REST found no resource method. */
  static Optional<HttpProblem> refusal(AllowedMethods allowed, @Nullable Throwable cause) {
    boolean noMethod =
        cause instanceof NotAllowedException
            || (cause instanceof NotFoundException && cause.getCause() == null);
    return noMethod
        ? Optional.ofNullable(CurrentRequestManager.get())
            .flatMap(request -> allowed.refusal(request.getPath(), request.getMethod()))
        : Optional.empty();
  }

  /**
   * A query parameter that is no number where one is asked for breaks a rule; a part of the path
   * that cannot be an id simply names nothing.
   */
  static HttpProblem unreadableParameter() {
    List<FieldError> errors =
        method().stream()
            .flatMap(method -> Stream.of(method.getParameters()))
            .filter(RequestedMethod::isUnreadable)
            .map(RequestedMethod::name)
            .map(name -> new FieldError(name, "has no valid value"))
            .toList();
    return errors.isEmpty()
        ? Problems.notFound("not_found", "There is nothing at this address.")
        : Problems.invalid(errors);
  }

  private static boolean isUnreadable(Parameter parameter) {
    return parameter.isAnnotationPresent(QueryParam.class)
        && parameter.getType() != String.class
        && query().containsKey(name(parameter));
  }

  private static String name(Parameter parameter) {
    return parameter.getAnnotation(QueryParam.class).value();
  }

  private static List<String> roles(Method method) {
    RolesAllowed allowed = method.getAnnotation(RolesAllowed.class);
    return allowed == null ? List.of() : List.of(allowed.value());
  }

  private static Map<String, List<String>> query() {
    ResteasyReactiveRequestContext request = CurrentRequestManager.get();
    return request == null ? Map.of() : request.getUriInfo().getQueryParameters();
  }

  private static Optional<Method> method() {
    return Optional.ofNullable(CurrentRequestManager.get())
        .map(ResteasyReactiveRequestContext::getTarget)
        .map(RuntimeResource::getLazyMethod)
        .map(lazy -> lazy.getMethod());
  }
}
