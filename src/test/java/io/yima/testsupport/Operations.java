package io.yima.testsupport;

import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/** Every operation under /api/v1 that the running application has, tests' own ones left out. */
@Singleton
public class Operations {

  /**
   * @param path with its parameters in braces
   * @param query names of the query parameters
   */
  public record Operation(String method, String path, Set<String> roles, List<String> query) {

    /** The address with this value for every parameter of the path. */
    public String at(String parameter) {
      return path.replaceAll("\\{[^}]*}", Matcher.quoteReplacement(parameter));
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private final BeanManager beans;

  Operations(BeanManager beans) {
    this.beans = beans;
  }

  public List<Operation> all() {
    return beans.getBeans(Object.class, Any.Literal.INSTANCE).stream()
        .<Class<?>>map(bean -> bean.getBeanClass())
        .filter(type -> type.isAnnotationPresent(Path.class))
        .filter(type -> type.getAnnotation(Path.class).value().startsWith("/api/v1"))
        .filter(type -> !isOfTests(type))
        .distinct()
        .flatMap(type -> Stream.of(type.getDeclaredMethods()).flatMap(m -> of(type, m)))
        .sorted(Comparator.comparing(Operation::toString))
        .toList();
  }

  private static boolean isOfTests(Class<?> type) {
    String file = type.getName().replace('.', '/') + ".class";
    return Files.exists(java.nio.file.Path.of("target/test-classes", file));
  }

  private static Stream<Operation> of(Class<?> type, Method method) {
    List<Operation> operations = new ArrayList<>();
    for (Annotation annotation : method.getAnnotations()) {
      HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
      if (http != null) {
        operations.add(
            new Operation(
                http.value(),
                path(type) + path(method),
                Set.of(method.getAnnotation(RolesAllowed.class).value()),
                Stream.of(method.getParameters()).flatMap(Operations::query).toList()));
      }
    }
    return operations.stream();
  }

  private static String path(AnnotatedElement element) {
    Path path = element.getAnnotation(Path.class);
    String value = path == null ? "" : path.value();
    return value.isEmpty() || value.startsWith("/") ? value : "/" + value;
  }

  private static Stream<String> query(Parameter parameter) {
    if (parameter.isAnnotationPresent(BeanParam.class)) {
      return Stream.<Class<?>>iterate(
              parameter.getType(), type -> type != Object.class, type -> type.getSuperclass())
          .flatMap(type -> Stream.of(type.getDeclaredFields()))
          .filter(field -> field.isAnnotationPresent(QueryParam.class))
          .map(field -> field.getAnnotation(QueryParam.class).value());
    }
    return Stream.of(parameter)
        .filter(p -> p.isAnnotationPresent(QueryParam.class))
        .map(p -> p.getAnnotation(QueryParam.class).value());
  }
}
