package io.yima.database;

import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Stores what requests must know to be stored before they are answered, many in one statement; see
 * {@link Gathering}.
 *
 * @param <R> a row
 */
public final class GroupCommit<R> {

  private final Gathering<R, Boolean> commits;

  /**
   * @param write writes rows in one transaction: all of them, or none and throws
   */
  public GroupCommit(Consumer<List<R>> write) {
    this.commits =
        new Gathering<>(
            "a commit with others",
            rows -> {
              write.accept(rows);
              return Collections.nCopies(rows.size(), true);
            });
  }

  /**
   * Returns once the row is committed. Throws {@link DatabaseFailed} when it is not, or when that
   * is not known in time: then it may be stored all the same.
   */
  public void commit(R row) {
    commits.ask(row);
  }

  /** How many rows have not been taken for a batch yet. */
  int waiting() {
    return commits.waiting();
  }
}
