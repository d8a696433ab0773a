package io.yima.codes;

import io.yima.testsupport.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How one order is to stand after everything that can happen to it. Knows the rules of lease,
 * generation, back-off and quota, and nothing of how they are kept.
 */
final class OrderModel {

  /** What is known of a merchant. */
  static final class MerchantModel {
    boolean active = true;

    /** By interface, until when its quota is used up or its calls pause. */
    final Map<String, Block> blocks = new HashMap<>();

    boolean isParked(String api, Instant now) {
      Block block = blocks.get(api);
      return block != null && block.holds(now) && block.slowDowns() == 0;
    }

    /** Until when nobody calls, or nobody that waits for nothing; null: not at all. */
    Instant blockedUntil(String api, boolean background, Instant now) {
      Block block = blocks.get(api);
      return block != null && block.holds(now) && (background || block.slowDowns() == 0)
          ? block.until()
          : null;
    }

    private void park(String api, Instant now) {
      blocks.put(api, new Block(dayOfRefusalEnds(now), 0));
    }

    /** Refusals in a pause say nothing new; soon after one, the next is twice as long. */
    private void slow(String api, Instant now) {
      Block block = blocks.get(api);
      if (block != null && block.holds(now)) {
        return;
      }
      boolean again =
          block != null && block.slowDowns() > 0 && block.holds(now.minus(Duration.ofMinutes(10)));
      int times = again ? block.slowDowns() + 1 : 1;
      long seconds = 30L << (Math.min(4, times) - 1);
      blocks.put(api, new Block(now.plusSeconds(seconds), times));
    }
  }

  /** Why an interface is not called: its day is used up, or so often in a row it was too fast. */
  record Block(Instant until, int slowDowns) {
    boolean holds(Instant now) {
      return until.isAfter(now);
    }
  }

  /** How a turn to WeChat ended, by what is to be done about it. */
  enum Ending {
    /** WeChat has it, or said how far it is. */
    WELL,
    LATER,
    /** As before, and calls that nobody waits for pause. */
    TOO_FAST,
    /** As LATER, and nothing ever left this machine. */
    NOT_SENT,
    NEXT_DAY,
    /** A person must mend something. */
    BLOCKED,
    /** As before, unless WeChat may just not know yet what was ordered a moment ago. */
    BLOCKED_LATER,
    /** The order itself is wrong; what was confirmed stays confirmed. */
    REFUSED
  }

  /** What WeChat said of an order that it has. */
  record Report(long applicationId, String status, boolean ready) {}

  /** What whoever claims it is given, and may act on although it has grown old. */
  record Claim(
      long generation, ApplicationState state, boolean first, boolean active, Instant blocked) {

    /** Whether WeChat is turned to at all. */
    boolean calls() {
      return active && blocked == null;
    }
  }

  private static final Duration FIRST_AFTER = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Duration STUCK_AFTER = Duration.ofHours(6);
  private static final Duration WHEN_BLOCKED = Duration.ofHours(1);
  private static final Duration LEASE = Duration.ofSeconds(30);

  private final MerchantModel merchant;
  ApplicationState state;
  long codeCount;
  Long applicationId;
  long generation;
  String holder;
  boolean sent;
  int attempts;
  boolean blocked;
  Window next;
  private Instant progressedAt;
  private Instant submittedAt;
  private String status;
  private boolean ready;

  OrderModel(MerchantModel merchant) {
    this.merchant = merchant;
  }

  static String api(ApplicationState state) {
    return state == ApplicationState.SUBMITTING ? "applycode" : "applycodequery";
  }

  /** Whether an order may begin, again or for the first time. */
  boolean isOpen() {
    return state == null
        || state == ApplicationState.REJECTED
        || state == ApplicationState.WITHDRAWN;
  }

  boolean isUnfinished() {
    return state == ApplicationState.SUBMITTING || state == ApplicationState.SUBMITTED;
  }

  boolean isLeased() {
    return holder != null;
  }

  boolean isDue(Instant now) {
    return isUnfinished() && !isLeased() && !next.from().isAfter(now);
  }

  /** Stored, and about to be sent by this holder. */
  Claim ordered(long count, String by, Instant now) {
    state = ApplicationState.SUBMITTING;
    codeCount = count;
    applicationId = null;
    generation++;
    holder = by;
    sent = true;
    attempts = 0;
    blocked = false;
    next = Window.exactly(now.plus(LEASE));
    progressedAt = now;
    submittedAt = null;
    status = null;
    ready = false;
    return new Claim(generation, state, true, true, null);
  }

  /** Ordered once more while it is not confirmed. */
  void woken(Instant now) {
    if (state == ApplicationState.SUBMITTING && !isLeased() && next.from().isAfter(now)) {
      next = Window.exactly(now);
    }
  }

  /** The merchant is as it should be again. */
  void mended(Instant now) {
    if (blocked && next != null && !isLeased() && next.from().isAfter(now)) {
      next = Window.exactly(now);
    }
  }

  /** Whether it could be taken back. */
  boolean withdrawn() {
    if (state != ApplicationState.SUBMITTING || sent) {
      return state == ApplicationState.WITHDRAWN;
    }
    state = ApplicationState.WITHDRAWN;
    generation++;
    blocked = false;
    next = null;
    return true;
  }

  Claim claimed(String by, boolean background, Instant now) {
    generation++;
    holder = by;
    Claim claim =
        new Claim(
            generation,
            state,
            !sent,
            merchant.active,
            merchant.blockedUntil(api(state), background, now));
    sent |= state == ApplicationState.SUBMITTING;
    return claim;
  }

  void leaseEnded() {
    holder = null;
  }

  /** WeChat was not turned to, because what it would say is known. */
  void putOff(Claim claim, Instant now) {
    if (claim.generation() != generation) {
      return;
    }
    holder = null;
    blocked = !claim.active();
    next = blocked ? shortened(WHEN_BLOCKED, now) : Window.soonAfter(claim.blocked());
    sent &= !(claim.first() && state == ApplicationState.SUBMITTING);
  }

  /** What holds of the row when the turn that began with this claim is over. */
  void recorded(Claim claim, Ending ending, Report report, Instant now) {
    if (ending == Ending.NEXT_DAY) {
      merchant.park(api(claim.state()), now);
    }
    if (ending == Ending.TOO_FAST) {
      merchant.slow(api(claim.state()), now);
    }
    if (claim.generation() != generation) {
      return;
    }
    holder = null;
    attempts = ending == Ending.WELL ? 0 : attempts + 1;
    blocked = ending == Ending.BLOCKED || (ending == Ending.BLOCKED_LATER && !isYoung(now));
    if (state == ApplicationState.SUBMITTING) {
      submission(claim, ending, report, now);
    } else {
      inquiry(ending, report, now);
    }
  }

  private void submission(Claim claim, Ending ending, Report report, Instant now) {
    switch (ending) {
      case WELL -> {
        state = ApplicationState.SUBMITTED;
        applicationId = report.applicationId();
        submittedAt = now;
        progressedAt = now;
        next = Window.exactly(now.plus(FIRST_AFTER));
      }
      case LATER, TOO_FAST -> next = backoff(now);
      case NOT_SENT -> {
        next = backoff(now);
        sent &= !claim.first();
      }
      case NEXT_DAY -> next = dayAfterRefusal(now);
      case BLOCKED, BLOCKED_LATER -> next = shortened(WHEN_BLOCKED, now);
      case REFUSED -> {
        state = ApplicationState.REJECTED;
        next = null;
      }
    }
  }

  private void inquiry(Ending ending, Report report, Instant now) {
    switch (ending) {
      case WELL -> answered(report, now);
      case LATER, TOO_FAST, NOT_SENT, REFUSED -> next = later(now);
      case NEXT_DAY -> next = dayAfterRefusal(now);
      case BLOCKED -> next = shortened(WHEN_BLOCKED, now);
      case BLOCKED_LATER -> next = blocked ? shortened(WHEN_BLOCKED, now) : later(now);
    }
  }

  private void answered(Report report, Instant now) {
    boolean moved = !Objects.equals(status, report.status()) || ready != report.ready();
    status = report.status();
    ready = report.ready();
    progressedAt = moved ? now : progressedAt;
    if (ready) {
      state = ApplicationState.FINISHED;
      next = null;
      return;
    }
    Duration still = Duration.between(progressedAt, now);
    Duration half = still.dividedBy(2);
    Duration limited = half.compareTo(FIRST_AFTER) < 0 ? FIRST_AFTER : half;
    Duration wait = limited.compareTo(LONGEST) > 0 ? LONGEST : limited;
    next = shortened(isStuck(now) ? STUCK_AFTER : wait, now);
  }

  /** What WeChat says in a day's first minute is about the day before. */
  private static Instant dayOfRefusalEnds(Instant now) {
    return Window.midnight(now.minus(Duration.ofMinutes(1)));
  }

  private static Window dayAfterRefusal(Instant now) {
    Instant ends = dayOfRefusalEnds(now);
    return Window.soonAfter(ends.isAfter(now) ? ends : now);
  }

  private Window later(Instant now) {
    return isStuck(now) ? shortened(STUCK_AFTER, now) : backoff(now);
  }

  private Window backoff(Instant now) {
    return Window.backoff(FIRST_AFTER, LONGEST, attempts, now);
  }

  /** By a tenth at most. */
  private static Window shortened(Duration wait, Instant now) {
    return new Window(now.plus(wait).minus(wait.dividedBy(10)), now.plus(wait));
  }

  /** Submitted a moment ago. */
  private boolean isYoung(Instant now) {
    return submittedAt != null && Duration.between(submittedAt, now).compareTo(LONGEST) < 0;
  }

  private boolean isStuck(Instant now) {
    return Duration.between(progressedAt, now).compareTo(STUCK_AFTER) >= 0;
  }
}
