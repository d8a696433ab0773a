package io.yima.database;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.transaction.Status;

/**
 * Tells whether the calling thread is inside a database transaction, of the ORM's pool or of the
 * worker's. Calls to WeChat ask it, because no HTTP call may happen inside one.
 */
public final class OpenTransactions {

  /** Bound while a transaction of {@link WorkerDatabase} runs on this thread. */
  static final ScopedValue<Boolean> WORKER = ScopedValue.newInstance();

  private OpenTransactions() {}

  /** Throws {@link IllegalStateException} when a transaction is open on this thread. */
  public static void refuse(String what) {
    if (WORKER.isBound() || QuarkusTransaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
      throw new IllegalStateException(what + " must not happen inside a database transaction");
    }
  }
}
