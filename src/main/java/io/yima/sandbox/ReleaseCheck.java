package io.yima.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yima.sandbox.World.Account;
import io.yima.sandbox.World.Platform;
import io.yima.sandbox.World.PushResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The release check (全网发布检测): a probe account authorizes the platform, is written to, and looks
 * whether it is answered as the page "releases_instructions" demands.
 */
final class ReleaseCheck {

  private static final String TEXT = "TESTCOMPONENT_MSG_TYPE_TEXT";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Store store;
  private final PushSender sender;
  private final EventPusher events;
  private final TicketPusher tickets;
  private final CustomerMessages messages;

  ReleaseCheck(
      Store store,
      PushSender sender,
      EventPusher events,
      TicketPusher tickets,
      CustomerMessages messages) {
    this.store = store;
    this.sender = sender;
    this.events = events;
    this.tickets = tickets;
    this.messages = messages;
  }

  /** Who is probed, and by whom. */
  private record Scene(
      PushSender.Target target, String component, Account account, String authCode) {}

  /** Plays all probes, one after the other, and tells of each whether it was passed. */
  JsonNode run(String component, ControlRequests.CheckRelease request) {
    String appid = Objects.requireNonNullElse(request.appid(), "wx570bc396a51b8ff8");
    PushResult ticket = tickets.push(component, true);
    Scene scene = store.change(w -> scene(w, component, appid, store.now()));
    events.wake(component);
    ObjectNode result = Json.object();
    result.set("ticket", verdict(ticket.ok(), ticket.detail()));
    result.set("text", reply(scene, text(scene, TEXT), TEXT + "_callback"));
    result.set("event", reply(scene, event(scene, "LOCATION"), "LOCATIONfrom_callback"));
    result.set("api", api(scene));
    boolean passed =
        result.properties().stream().allMatch(probe -> probe.getValue().path("passed").asBoolean());
    return result.put("passed", passed);
  }

  private static Scene scene(World w, String component, String appid, Instant now) {
    Platform platform = w.platforms.get(component);
    if (platform == null) {
      throw new BadControl(404, "no such platform: " + component);
    }
    Account account = w.accounts.computeIfAbsent(appid, ControlTenants::newAccount);
    Authorizations.Granted granted =
        Authorizations.grant(
            w,
            component,
            appid,
            PermissionSets.ids(account.miniProgram),
            "authorized",
            Mint.preAuthCode(),
            now);
    PushSender.Target target = PushSender.Target.ofMessages(platform, appid);
    return new Scene(target, component, account, granted.authCode());
  }

  private ObjectNode reply(Scene scene, String xml, String expected) {
    PushSender.Answered answered = sender.message(scene.target(), scene.account().userName, xml);
    String content = answered.status() == 200 ? content(scene, answered.body()) : null;
    return verdict(
        expected.equals(content),
        content == null ? answered.status() + " " + answered.body() : content);
  }

  private ObjectNode api(Scene scene) {
    String openid = Mint.openid();
    messages.expect(openid);
    PushSender.Answered answered =
        sender.message(
            scene.target(),
            scene.account().userName,
            message(scene, openid, "text", "Content", "QUERY_AUTH_CODE:" + scene.authCode()));
    String sent = messages.take(openid, PATIENCE);
    boolean empty = answered.status() == 200 && answered.body().isEmpty();
    return verdict(
        empty && (scene.authCode() + "_from_api").equals(sent),
        empty
            ? sent == null ? "no customer-service message" : "customer-service message"
            : answered.status() + " " + answered.body());
  }

  /** The text of an encrypted reply, or null when it is none. */
  private @Nullable String content(Scene scene, String body) {
    String encrypted = EventXml.field(body, "Encrypt");
    String signature =
        PushCrypto.sign(
            scene.target().token(),
            EventXml.field(body, "TimeStamp"),
            EventXml.field(body, "Nonce"),
            encrypted);
    if (encrypted.isEmpty() || !signature.equals(EventXml.field(body, "MsgSignature"))) {
      return null;
    }
    String xml = PushCrypto.decrypt(scene.target().aesKey(), scene.component(), encrypted);
    return xml == null ? null : EventXml.field(xml, "Content");
  }

  private String text(Scene scene, String content) {
    return message(scene, Mint.openid(), "text", "Content", content);
  }

  private String event(Scene scene, String event) {
    return message(scene, Mint.openid(), "event", "Event", event);
  }

  private String message(Scene scene, String openid, String type, String field, String value) {
    return EventXml.message(scene.account().userName, openid, store.now(), type, field, value);
  }

  private static ObjectNode verdict(boolean passed, String detail) {
    return Json.object().put("passed", passed).put("detail", detail);
  }
}
