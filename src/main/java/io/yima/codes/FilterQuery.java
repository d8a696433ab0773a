package io.yima.codes;

import io.yima.api.FieldError;
import io.yima.api.PageQuery;
import io.yima.api.PageRequest;
import io.yima.api.Problems;
import io.yima.api.Times;
import io.yima.tenancy.AuthorizerId;
import jakarta.ws.rs.QueryParam;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** The filters of the lists as they stand in an address. */
class FilterQuery extends PageQuery {

  @Parameter(
      description = "Only applications in this state.",
      example = "FINISHED",
      schema = @Schema(implementation = ApplicationState.class))
  @QueryParam("state")
  @Nullable String state;

  @Parameter(
      description = "Only the application with this id of the caller's.",
      example = "spring-tea-1",
      schema = @Schema(type = SchemaType.STRING, minLength = 1, maxLength = 128))
  @QueryParam("isv_application_id")
  @Nullable String isvApplicationId;

  @Parameter(
      description = "Only the application with this number of WeChat's.",
      example = "581865877",
      schema = @Schema(type = SchemaType.INTEGER, format = "int64"))
  @QueryParam("application_id")
  @Nullable String applicationId;

  @Parameter(
      description = "Only applications that are stuck, or only those that are not.",
      example = "true",
      schema = @Schema(type = SchemaType.BOOLEAN))
  @QueryParam("stuck")
  @Nullable String stuck;

  @Parameter(
      description = "Only applications that were ordered then or later.",
      example = "2026-09-01T00:00:00Z",
      schema = @Schema(type = SchemaType.STRING, format = "date-time"))
  @QueryParam("requested_from")
  @Nullable String requestedFrom;

  @Parameter(
      description = "Only applications that were ordered before.",
      example = "2026-10-01T00:00:00Z",
      schema = @Schema(type = SchemaType.STRING, format = "date-time"))
  @QueryParam("requested_to")
  @Nullable String requestedTo;

  /** Reads them for one merchant or all; throws the 422 that names what cannot be understood. */
  ApplicationFilter filter(
      @Nullable String authorizerAppid, @Nullable Set<String> onlyAuthorizers) {
    List<FieldError> errors = new ArrayList<>();
    if (authorizerAppid != null && !AuthorizerId.isAppid(authorizerAppid)) {
      errors.add(new FieldError("authorizer_appid", "is not an appid"));
    }
    if (isvApplicationId != null && !ApplicationRules.isId(isvApplicationId)) {
      errors.add(new FieldError("isv_application_id", "cannot be one"));
    }
    ApplicationFilter filter =
        new ApplicationFilter(
            read("state", state, ApplicationState::valueOf, errors),
            authorizerAppid,
            isvApplicationId,
            read("application_id", applicationId, Long::valueOf, errors),
            read("stuck", stuck, FilterQuery::yesOrNo, errors),
            read("requested_from", requestedFrom, Times::read, errors),
            read("requested_to", requestedTo, Times::read, errors),
            onlyAuthorizers);
    if (!errors.isEmpty()) {
      throw Problems.invalid(errors);
    }
    return filter;
  }

  /** The page asked for of this list, of which a key may see this much. */
  PageRequest page(ApplicationFilter filter, String sight) {
    return page(
        "code-applications",
        sight,
        filter.authorizerAppid(),
        state,
        isvApplicationId,
        applicationId,
        stuck,
        requestedFrom,
        requestedTo);
  }

  private static <T> @Nullable T read(
      String field, @Nullable String text, Function<String, T> reader, List<FieldError> errors) {
    try {
      return text == null ? null : reader.apply(text);
    } catch (IllegalArgumentException | DateTimeException _) {
      errors.add(new FieldError(field, "cannot be understood"));
      return null;
    }
  }

  private static Boolean yesOrNo(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException();
    };
  }
}
