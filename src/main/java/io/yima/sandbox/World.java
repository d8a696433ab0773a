package io.yima.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything the pretend WeChat remembers, in the shape of the state file. Mutable and without a
 * lock of its own: {@link Store} is the only way to it.
 */
final class World {

  Duration clockOffset = Duration.ZERO;
  Settings settings = Settings.DEFAULTS;
  final Map<String, Platform> platforms = new TreeMap<>();
  final Map<String, Account> accounts = new TreeMap<>();

  /** By component appid, a slash, authorizer appid. */
  final TreeMap<String, Authorization> authorizations = new TreeMap<>();

  final Map<String, AccessToken> tokens = new LinkedHashMap<>();
  final Map<String, PreAuthCode> preAuthCodes = new LinkedHashMap<>();
  final Map<String, AuthCode> authCodes = new LinkedHashMap<>();
  final TreeMap<Long, Application> applications = new TreeMap<>();
  final Map<String, Long> applicationIdsByIsvId = new LinkedHashMap<>();
  final Map<String, BarCode> unknownBarCodes = new TreeMap<>();
  final Map<String, CodeTicket> codeTickets = new LinkedHashMap<>();
  final List<PendingPush> outbox = new ArrayList<>();

  /** Beyond 32 bits from the first on, so that an int anywhere shows itself. */
  static final long FIRST_APPLICATION_ID = 5_818_658_770L;

  long nextApplicationId = FIRST_APPLICATION_ID;

  long nextPushId = 1;

  /** The day in Shanghai of which the calls are. */
  String day = "";

  /** By authorizer appid and path. */
  final Map<String, Long> callsOfDay = new TreeMap<>();

  static String pair(String componentAppid, String authorizerAppid) {
    return componentAppid + "/" + authorizerAppid;
  }

  @Nullable Authorization authorization(String componentAppid, String authorizerAppid) {
    return authorizations.get(pair(componentAppid, authorizerAppid));
  }

  /** The authorizations of one platform: '0' follows '/' in the alphabet. */
  SortedMap<String, Authorization> authorizationsOf(String componentAppid) {
    return authorizations.subMap(componentAppid + "/", componentAppid + "0");
  }

  /** Drops codes that expired long ago; both maps are in order of issue. */
  void forgetOldCodes(Instant now) {
    Instant limit = now.minus(Duration.ofHours(1));
    var preAuth = preAuthCodes.values().iterator();
    while (preAuth.hasNext() && preAuth.next().expiresAt.isBefore(limit)) {
      preAuth.remove();
    }
    var auth = authCodes.values().iterator();
    while (auth.hasNext() && auth.next().expiresAt.isBefore(limit)) {
      auth.remove();
    }
  }

  /** A registered third-party platform. */
  static final class Platform {
    String componentAppid = "";
    String componentAppsecret = "";
    String messageToken = "";
    String encodingAesKey = "";
    String callbackBase = "";
    String callbackPath = "";
    boolean ticketPushing = true;
    boolean ticketAcknowledged;
    Instant nextTicketAt = Instant.EPOCH;
    int ticketPushes;
    final List<Ticket> tickets = new ArrayList<>();
    @Nullable String componentAccessToken;
    @Nullable PushResult lastTicketPush;
    @Nullable PushResult lastEventPush;
  }

  record Ticket(String value, Instant pushedAt) {}

  record PushResult(
      String infoType, boolean ok, int status, String detail, int attempt, Instant at) {}

  /** An official account or mini program. */
  static final class Account {
    String appid = "";
    String nickName = "";
    String principalName = "";
    String headImg = "";
    String userName = "";
    int serviceType;
    int verifyType;
    int accountStatus;
    boolean miniProgram;
    List<String> features = List.of();

    /** Opens the account's packages of codes; WeChat sends it to the merchant. */
    String codeKey = "";
  }

  /** What one account granted one platform. */
  static final class Authorization {
    String componentAppid = "";
    String authorizerAppid = "";
    boolean active;

    /** The list of authorizers lacks the refresh token until a code was exchanged. */
    boolean exchanged;

    List<Integer> permissionSets = List.of();
    String refreshToken = "";
    @Nullable String formerRefreshToken;
    @Nullable Instant formerRefreshTokenUntil;
    @Nullable String accessToken;
    @Nullable String formerAccessToken;
    Instant authorizedAt = Instant.EPOCH;
    @Nullable Instant revokedAt;
    int refreshes;
  }

  /** A component token when it names no authorizer. */
  static final class AccessToken {
    String componentAppid = "";
    @Nullable String authorizerAppid;
    Instant expiresAt = Instant.EPOCH;

    /** When its successor makes it worthless. */
    @Nullable Instant deadAt;
  }

  static final class PreAuthCode {
    String componentAppid = "";
    Instant expiresAt = Instant.EPOCH;

    /** The page was opened from the right domain, so its form may come back. */
    boolean opened;

    boolean used;
  }

  static final class AuthCode {
    String componentAppid = "";
    String authorizerAppid = "";

    /** Tells of which of the account's authorizations it is. */
    String refreshToken = "";

    Instant expiresAt = Instant.EPOCH;
    boolean used;
  }

  /** An application for codes. */
  static final class Application {
    long applicationId;
    String isvApplicationId = "";
    String componentAppid = "";
    String authorizerAppid = "";
    long codeCount;
    Instant createdAt = Instant.EPOCH;
    Instant processingAt = Instant.EPOCH;
    Instant finishAt = Instant.EPOCH;
    int applyCalls;
    int queryCalls;
    int downloadCalls;
    @Nullable String status;
    @Nullable JsonNode answer;
    final List<BoundRange> bound = new ArrayList<>();

    /** What a code is bound to: the last word counts. */
    @Nullable BoundRange boundAt(long codeIndex) {
      return bound.reversed().stream()
          .filter(range -> range.codeStart <= codeIndex && codeIndex <= range.codeEnd)
          .findFirst()
          .orElse(null);
    }
  }

  /** Codes that were activated together. */
  static final class BoundRange {
    long codeStart;
    long codeEnd;
    String activityName = "";
    String productBrand = "";
    String productTitle = "";
    String productCode = "";
    String wxaAppid = "";
    String wxaPath = "";
    int wxaType;
    Instant at = Instant.EPOCH;

    boolean overlaps(BoundRange other) {
      return codeStart <= other.codeEnd && other.codeStart <= codeEnd;
    }
  }

  /** A product's bar code that the numbering centre does not know. */
  static final class BarCode {
    /** When its review ends; null: nobody has asked for one. */
    @Nullable Instant reviewedAt;
  }

  /** What a scan gave the page that it opened. */
  static final class CodeTicket {
    long applicationId;
    long codeIndex;
    String openid = "";
    Instant expiresAt = Instant.EPOCH;
  }

  /** An event on its way; kept so that a restart does not lose it. */
  static final class PendingPush {
    long id;
    String componentAppid = "";
    String infoType = "";
    String xml = "";
    int attempts;
  }
}
