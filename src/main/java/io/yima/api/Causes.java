package io.yima.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.core.http.HttpClosedException;
import io.yima.database.DatabaseFailed;
import jakarta.transaction.RollbackException;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says in this API's words what an exception means that no code of ours threw on purpose. */
final class Causes {

  static final String INTERNAL = "Something went wrong on our side; the request id finds it.";

  private static final int DEEPEST = 20;
  private static final Duration RETRY_DATABASE = Duration.ofSeconds(2);

  private Causes() {}

  static HttpProblem explain(HttpProblem problem, @Nullable Throwable cause) {
    if (cause == null) {
      return problem;
    }
    Optional<JsonProcessingException> json = find(cause, JsonProcessingException.class);
    if (json.isPresent() && problem.getStatusCode() < 500) {
      return JsonProblems.of(json.get());
    }
    if (find(cause, BodyTooLarge.class).isPresent()) {
      return RequestLimits.bodyTooLarge();
    }
    if (find(cause, HttpClosedException.class).isPresent()) {
      return Problems.of(400, "body_incomplete", "The connection was closed within the body.");
    }
    Optional<SQLException> sql = find(cause, SQLException.class);
    if (sql.isPresent()) {
      return databaseUnavailable(sql.get()) ? unavailable() : problem;
    }
    if (find(cause, RollbackException.class).isPresent()) {
      // No statement failed: the transaction took too long, as when this node was paused.
      return unavailable();
    }
    return switch (cause) {
      case AuthenticationFailedException failed ->
          refused(problem, "api_key_invalid", "The API key is not valid, or no longer.");
      case UnauthorizedException unauthorized ->
          refused(
              problem,
              "api_key_missing",
              "Send an API key in the header Authorization: Bearer <key>.");
      case ForbiddenException forbidden -> RequestedMethod.forbidden();
      case ConstraintViolationException violated -> Violations.problem(problem);
      case NotFoundException notFound when notFound.getCause() != null ->
          RequestedMethod.unreadableParameter();
      case NotFoundException notFound ->
          Problems.notFound("not_found", "There is nothing at this address.");
      case WebApplicationException refused -> plain(problem);
      default -> problem;
    };
  }

  /** Trouble with the connection, or the server is too full, starting or stopping. */
  static boolean databaseUnavailable(SQLException e) {
    String state = e.getSQLState();
    // The pool's own exceptions have no state: nothing was free, or nothing could be reached.
    return state == null
        || state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57P")
        || state.equals("25006")
        || DatabaseFailed.isTooLong(state)
        // The driver's word for a statement that was closed because its transaction took too long.
        || state.equals("55000");
  }

  static HttpProblem unavailable() {
    return Problems.unavailable(
        "database_unavailable", "The database cannot be reached; try again.", RETRY_DATABASE);
  }

  private static HttpProblem refused(HttpProblem problem, String code, String detail) {
    HttpProblem.Builder builder = HttpProblem.builder(problem).with("code", code);
    return builder.withDetail(detail).build();
  }

  /** Without the library's sentence, which names its own exceptions. */
  private static HttpProblem plain(HttpProblem problem) {
    return HttpProblem.builder(problem).withDetail(null).build();
  }

  private static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> type) {
    return find(thrown, type, DEEPEST);
  }

  /** Also among what was suppressed: there a commit keeps why it failed. */
  private static <T extends Throwable> Optional<T> find(
      @Nullable Throwable thrown, Class<T> type, int depth) {
    if (thrown == null || depth == 0) {
      return Optional.empty();
    }
    if (type.isInstance(thrown)) {
      return Optional.of(type.cast(thrown));
    }
    return Stream.concat(Stream.ofNullable(thrown.getCause()), Stream.of(thrown.getSuppressed()))
        .flatMap(next -> find(next, type, depth - 1).stream())
        .findFirst();
  }
}
