package io.yima.database;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads what many requests ask for at the same time in one statement; see {@link Gathering}. It is
 * no cache: what was committed before somebody asked is in the answer.
 *
 * @param <K> by what a row is found, with equals and hashCode
 * @param <V> what is made of a row
 */
public final class GroupRead<K, V> {

  private final Gathering<K, Optional<V>> reads;

  /**
   * @param name of what is read, for threads and errors
   * @param read finds the rows of these keys in one transaction, and leaves out those that have
   *     none
   */
  public GroupRead(String name, Function<Set<K>, Map<K, V>> read) {
    this.reads = new Gathering<>(name, keys -> inOrder(keys, read.apply(Set.copyOf(keys))));
  }

  /**
   * Empty when there is no such row. Throws {@link DatabaseFailed} when none can be read in time.
   */
  public Optional<V> find(K key) {
    return reads.ask(key);
  }

  /** How many have not been taken for a read yet. */
  int waiting() {
    return reads.waiting();
  }

  private static <K, V> List<Optional<V>> inOrder(List<K> keys, Map<K, V> found) {
    return keys.stream().map(key -> Optional.ofNullable(found.get(key))).toList();
  }
}
