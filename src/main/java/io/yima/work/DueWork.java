package io.yima.work;

import java.time.Duration;
import java.util.List;

/**
 * One kind of background work. A room declares it as a bean; {@link WorkLoops} runs it on every
 * node.
 */
public interface DueWork {

  /** A stable short name, for metrics, logs and {@link WorkLoops#wake}. */
  String kind();

  /**
   * SQL that is true when something is due, to stand behind {@code where}; its only parameter is
   * the present instant. It must be answered from an index.
   */
  String dueCondition();

  /** How often an idle node asks. */
  Duration pollEvery();

  /**
   * How many pieces this node works on at once, asked before every claim: with none, none is
   * claimed.
   */
  int concurrency();

  /**
   * Claims at most this many due pieces in one short transaction and returns what is to be done
   * with each, outside of any transaction. A piece records its own outcome; what it throws is a bug
   * or a lost database, is logged, and the lease runs out.
   */
  List<Runnable> claim(int limit);

  /** Ends the leases that this node still holds, when it stops and no piece is under way. */
  void giveBack();

  /** Claims at most this many pieces, works them off and returns how many there were. */
  default int runDue(int limit) {
    List<Runnable> pieces = claim(limit);
    Together.run(pieces);
    return pieces.size();
  }
}
