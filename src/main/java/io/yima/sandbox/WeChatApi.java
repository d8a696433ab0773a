package io.yima.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Function;

/** WeChat's paths: which call is meant, and in what dress its result goes back. */
final class WeChatApi {

  static final String COMPONENT_TOKEN = "/cgi-bin/component/api_component_token";
  static final String AUTHORIZER_TOKEN = "/cgi-bin/component/api_authorizer_token";

  private final Map<String, Function<Incoming, ObjectNode>> calls;
  private final Oddness oddness;

  WeChatApi(
      ComponentApi component,
      AuthorizerApi authorizer,
      MarketcodeApi marketcode,
      ActivationApi activations,
      QuotaApi quota,
      CustomerMessages messages,
      Oddness oddness) {
    this.oddness = oddness;
    this.calls =
        Map.ofEntries(
            Map.entry("/cgi-bin/openapi/quota/get", quota::get),
            Map.entry("/cgi-bin/component/api_start_push_ticket", component::startPushTicket),
            Map.entry(COMPONENT_TOKEN, component::componentToken),
            Map.entry("/cgi-bin/component/api_create_preauthcode", component::createPreAuthCode),
            Map.entry("/cgi-bin/component/api_query_auth", authorizer::queryAuth),
            Map.entry(AUTHORIZER_TOKEN, authorizer::authorizerToken),
            Map.entry("/cgi-bin/component/api_get_authorizer_info", authorizer::info),
            Map.entry("/cgi-bin/component/api_get_authorizer_list", authorizer::list),
            Map.entry("/intp/marketcode/applycode", marketcode::apply),
            Map.entry("/intp/marketcode/applycodequery", marketcode::query),
            Map.entry("/intp/marketcode/applycodedownload", marketcode::download),
            Map.entry("/intp/marketcode/codeactive", activations::activate),
            Map.entry("/intp/marketcode/codeactivequery", activations::query),
            Map.entry("/intp/marketcode/tickettocode", activations::exchange),
            Map.entry("/cgi-bin/message/custom/send", messages::send));
  }

  Answer answer(Incoming in) {
    Function<Incoming, ObjectNode> call = calls.get(in.path());
    if (call == null) {
      return Answer.text(404, "404 page not found");
    }
    if (!in.post()) {
      return oddness.refusal(43002, "require POST method");
    }
    try {
      return oddness.success(call.apply(in));
    } catch (Refusal refusal) {
      return oddness.refusal(refusal.errcode(), refusal.errmsg());
    }
  }
}
