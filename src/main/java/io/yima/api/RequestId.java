package io.yima.api;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import io.yima.database.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;

/**
 * Gives every request an id, its own when it brought one fit one: on the answer, in problems, and
 * in each log line that is written on its behalf.
 */
@ApplicationScoped
public class RequestId {

  static final String LOG_KEY = "request_id";

  private static final String HEADER = "X-Request-Id";

  // Not one of our keys, sent in the wrong header: it would stand in every log line.
  private static final Pattern FIT = Pattern.compile("(?!yima_)[A-Za-z0-9._-]{1,64}");
  private static final int BEFORE_ALL_OTHERS = 100_000;

  void register(@Observes Filters filters) {
    filters.register(RequestId::identify, BEFORE_ALL_OTHERS);
  }

  /** The id of a request. */
  public static String of(RoutingContext context) {
    return Objects.requireNonNull(context.<String>get(LOG_KEY), "RequestId runs before all others");
  }

  private static void identify(RoutingContext context) {
    give(context);
    context.next();
  }

  /** Does nothing for a request that has one; those that no filter could see get theirs here. */
  static void give(RoutingContext context) {
    if (context.get(LOG_KEY) != null) {
      return;
    }
    String id = brought(context);
    context.put(LOG_KEY, id);
    context.response().putHeader(HEADER, id);
    MDC.put(LOG_KEY, id);
  }

  private static String brought(RoutingContext context) {
    List<String> brought = context.request().headers().getAll(HEADER);
    return brought.size() == 1 && FIT.matcher(brought.getFirst()).matches()
        ? brought.getFirst()
        : Ids.next().toString();
  }
}
