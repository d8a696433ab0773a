package io.yima.packages;

import java.util.List;

/**
 * Where the sealed chunks of packages are kept. Where it is not the database, what is put there is
 * found only once the row says so: what a crash leaves behind is noise that nobody can open, and is
 * deleted, see {@link PackageObjects}.
 */
interface CodeStore {

  /** Whether a place, as a row names it, is one of this store's. */
  boolean has(String place);

  /**
   * Keeps the chunks of a package, outside of any transaction, and gives the place. Throws {@link
   * CodeStoreFailed} when they are not certainly kept.
   */
  String put(PackageKey key, long generation, List<byte[]> chunks);

  /** Where {@link #put} will keep them, which no other try uses. */
  String place(PackageKey key, long generation);

  /**
   * One sealed chunk; throws {@link CodeStoreFailed} when it cannot be had, and of these {@link
   * CodePackageDamaged} when it is certain that it never will.
   */
  byte[] read(StoredPackage stored, int number);

  /**
   * Forgets what was put and is not needed, be it there or not. Throws {@link CodeStoreFailed} when
   * it may be there still.
   */
  void discard(String place);
}
