package io.yima.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which methods an address has. Quarkus REST tells it for a class as a whole, so that the answer
 * would name what the address has not, and it answers 404 where two classes share the beginning of
 * a path.
 */
@ApplicationScoped
class AllowedMethods {

  /** The addresses of one operation. */
  private record Operation(Pattern path, String method) {}

  private static final Pattern PARAMETER = Pattern.compile("\\{[^}]*}");

  private final List<Operation> operations;

  AllowedMethods(BeanManager beans) {
    operations =
        beans.getBeans(Object.class, Any.Literal.INSTANCE).stream()
            .<Class<?>>map(bean -> bean.getBeanClass())
            .filter(type -> type.isAnnotationPresent(Path.class))
            .distinct()
            .flatMap(AllowedMethods::operations)
            .toList();
  }

  /** In the form of the header {@code Allow}; empty when no resource is at this path. */
  Optional<String> at(String path) {
    Set<String> methods = methods(path);
    return methods.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", methods));
  }

  /** The 405 for a method that this address has not; empty when it has it or is no address. */
  Optional<HttpProblem> refusal(String path, String method) {
    Set<String> methods = methods(path);
    return methods.isEmpty() || methods.contains(method)
        ? Optional.empty()
        : Optional.of(
            HttpProblem.builder(
                    Problems.of(
                        405, "method_not_allowed", "This address does not have this method."))
                .withHeader("Allow", String.join(", ", methods))
                .build());
  }

  private Set<String> methods(String path) {
    Set<String> methods = new TreeSet<>();
    for (Operation operation : operations) {
      if (operation.path().matcher(path).matches()) {
        methods.add(operation.method());
      }
    }
    if (methods.contains(HttpMethod.GET)) {
      methods.add(HttpMethod.HEAD);
    }
    if (!methods.isEmpty()) {
      methods.add(HttpMethod.OPTIONS);
    }
    return methods;
  }

  private static Stream<Operation> operations(Class<?> type) {
    List<Operation> operations = new ArrayList<>();
    for (Method method : type.getDeclaredMethods()) {
      for (Annotation annotation : method.getAnnotations()) {
        HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
        if (http != null) {
          String path =
              path(type.getAnnotation(Path.class)) + path(method.getAnnotation(Path.class));
          operations.add(new Operation(pattern(path), http.value()));
        }
      }
    }
    return operations.stream();
  }

  private static String path(@Nullable Path path) {
    String value = path == null ? "" : path.value();
    return value.isEmpty() || value.startsWith("/") ? value : "/" + value;
  }

  private static Pattern pattern(String template) {
    StringBuilder pattern = new StringBuilder();
    int from = 0;
    var parameters = PARAMETER.matcher(template);
    while (parameters.find()) {
      pattern.append(Pattern.quote(template.substring(from, parameters.start()))).append("[^/]+");
      from = parameters.end();
    }
    pattern.append(Pattern.quote(template.substring(from))).append("/?");
    return Pattern.compile(pattern.toString());
  }
}
