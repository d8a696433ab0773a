package io.yima.sandbox;

import static io.yima.sandbox.ControlRequests.required;

import com.fasterxml.jackson.databind.JsonNode;
import io.yima.sandbox.World.Application;
import io.yima.sandbox.World.BarCode;
import io.yima.sandbox.World.CodeTicket;

/** The control interface's bar codes, and the scans that people would make. */
final class ControlCodes {

  private final Store store;

  ControlCodes(Store store) {
    this.store = store;
  }

  /** Makes a bar code one that the numbering centre knows, or does not; each is known at first. */
  JsonNode barCode(ControlRequests.RegisterBarCode request) {
    String productCode = required(request.productCode(), "product_code");
    boolean registered = Boolean.TRUE.equals(request.registered());
    return store.change(
        w -> {
          if (registered) {
            w.unknownBarCodes.remove(productCode);
          } else {
            w.unknownBarCodes.put(productCode, new BarCode());
          }
          return Json.object().put("product_code", productCode).put("registered", registered);
        });
  }

  /** Somebody scans a code that is bound, and the page that opens gets a ticket. */
  JsonNode scan(ControlRequests.Scan request) {
    String openid = required(request.openid(), "openid");
    Long id = request.applicationId();
    Long codeIndex = request.codeIndex();
    if (id == null || codeIndex == null) {
      throw new BadControl("application_id and code_index are required");
    }
    return store.change(
        w -> {
          Application application = w.applications.get(id);
          if (application == null) {
            throw new BadControl(404, "no such application: " + id);
          }
          if (application.boundAt(codeIndex) == null) {
            throw new BadControl(409, "the code is not activated: a scan opens nothing");
          }
          CodeTicket ticket = new CodeTicket();
          ticket.applicationId = id;
          ticket.codeIndex = codeIndex;
          ticket.openid = openid;
          ticket.expiresAt = store.now().plus(w.settings.codeTicketLife());
          String value = Mint.codeTicket();
          w.codeTickets.put(value, ticket);
          return Json.object().put("code_ticket", value);
        });
  }
}
