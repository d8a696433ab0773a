package io.yima.lookups;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.yima.api.FieldError;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of an exchange of a scan's ticket. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(name = "CodeTicket", description = "Who scanned, and what the page was given.")
record CodeTicketRequest(
    @Schema(
            description = "The user's openid under the service account or the mini program.",
            examples = "oLVPpjqs9BhvzwPj5A-vTYAX3GLc",
            required = true,
            minLength = 1,
            maxLength = 128)
        @Nullable String openid,
    @Schema(
            description = "The query parameter code_ticket of the page that the scan opened.",
            examples = "b2a2f1c0d3e4958677a8b9cadbecfd0e",
            required = true,
            minLength = 1,
            maxLength = 256)
        @Nullable String codeTicket) {

  private static final int LONGEST_OPENID = 128;
  private static final int LONGEST_TICKET = 256;

  /** All rules that the fields break. */
  List<FieldError> broken() {
    List<FieldError> errors = new ArrayList<>();
    if (openid == null) {
      errors.add(new FieldError("openid", "is required"));
    }
    if (codeTicket == null) {
      errors.add(new FieldError("code_ticket", "is required"));
    }
    LookupRequest.text("openid", openid, LONGEST_OPENID, errors);
    LookupRequest.text("code_ticket", codeTicket, LONGEST_TICKET, errors);
    return errors;
  }
}
