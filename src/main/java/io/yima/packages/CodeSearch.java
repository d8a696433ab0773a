package io.yima.packages;

import io.yima.codes.ApplicationKey;
import io.yima.packages.PackageState.Stored;
import io.yima.secrets.Sealer;
import io.yima.secrets.Secret;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.ApplicationStatus.CodeRange;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/**
 * Finds which index a code has that is known by its text alone, by reading the packages of the
 * range that WeChat names beside it. What is activated here never exceeds a package, so that 25
 * chunks are read at most; an index would have to be written for each of twenty million codes,
 * whether anybody ever asks for one of them or not.
 */
@ApplicationScoped
public class CodeSearch {

  /** Of more codes a request cannot wait for the reading. */
  static final long MOST = 200_000;

  private static final Logger LOG = Logger.getLogger(CodeSearch.class);
  private static final int LONGEST = 128;

  private final ProviderTransactions transactions;
  private final CodesSettings settings;
  private final DamagedPackages damaged;
  private final Sealer sealer;

  CodeSearch(
      ProviderTransactions transactions,
      CodesSettings settings,
      DamagedPackages damaged,
      Sealer sealer) {
    this.transactions = transactions;
    this.settings = settings;
    this.damaged = damaged;
    this.sealer = sealer;
  }

  /**
   * The code's index; empty when no row of these codes has the text, when there are more than
   * {@link #MOST}, or when what could tell is not stored or cannot be read now.
   *
   * @param text the code, or what is printed
   */
  public OptionalLong indexOf(ApplicationKey key, CodeRange within, Secret text) {
    byte[] wanted = text.reveal().getBytes(StandardCharsets.UTF_8);
    boolean searched =
        within.codeStart() >= 0
            && within.codeEnd() >= within.codeStart()
            && within.codeEnd() - within.codeStart() < MOST;
    if (!searched || !isColumn(wanted)) {
      return OptionalLong.empty();
    }
    List<PackageState> packages =
        transactions.withConnection(
            key.provider(), connection -> PackageSearch.within(connection, key, within));
    try {
      for (PackageState candidate : packages) {
        Stored stored = candidate.stored();
        OptionalLong found =
            stored == null ? OptionalLong.empty() : indexOf(stored.content(), within, wanted);
        if (found.isPresent()) {
          return found;
        }
      }
    } catch (CodeStoreFailed e) {
      LOG.warn("A code's index is not told, because its package cannot be read", e);
    }
    return OptionalLong.empty();
  }

  private OptionalLong indexOf(StoredPackage content, CodeRange within, byte[] wanted) {
    DataKey key =
        DataKey.of(sealer.open(PackageRecords.place(content.key()), content.sealedKey().array()));
    CodeStore store = settings.storeOf(content.place());
    long start = Math.max(within.codeStart(), content.range().codeStart());
    long end = Math.min(within.codeEnd(), content.range().codeEnd());
    int last = content.chunkOf(end);
    for (int number = content.chunkOf(start); number <= last; number++) {
      long first = content.firstIndex(number);
      OptionalLong found = indexOf(opened(content, key, store, number), first, wanted);
      if (found.isPresent() && found.getAsLong() >= start && found.getAsLong() <= end) {
        return found;
      }
    }
    return OptionalLong.empty();
  }

  private byte[] opened(StoredPackage content, DataKey key, CodeStore store, int number) {
    try {
      return key.open(number, store.read(content, number));
    } catch (CodePackageDamaged e) {
      damaged.found(content, e);
      throw e;
    }
  }

  /** The index of the row with such a column, which is not its index. */
  private static OptionalLong indexOf(byte[] rows, long first, byte[] wanted) {
    long index = first;
    for (int at = 0; at < rows.length; at++) {
      if (rows[at] == '\n') {
        index++;
      } else if (rows[at] == wanted[0]
          && isColumnAt(rows, at, wanted)
          && !Arrays.equals(wanted, Long.toString(index).getBytes(StandardCharsets.US_ASCII))) {
        return OptionalLong.of(index);
      }
    }
    return OptionalLong.empty();
  }

  private static boolean isColumnAt(byte[] rows, int at, byte[] wanted) {
    int end = at + wanted.length;
    return end < rows.length
        && rows[end] <= ' '
        && (at == 0 || rows[at - 1] <= ' ')
        && Arrays.equals(rows, at, end, wanted, 0, wanted.length);
  }

  private static boolean isColumn(byte[] text) {
    if (text.length > LONGEST) {
      return false;
    }
    for (byte character : text) {
      if (character <= ' ' || character == 0x7f) {
        return false;
      }
    }
    return true;
  }
}
