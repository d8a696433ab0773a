package io.yima.bench;

/**
 * One round of ours: so many tokens, or applications, fell due at once and were worked off.
 *
 * @param stub what arrived at WeChat
 * @param database what it cost there
 * @param nodeMicros processor time of the node for each call
 * @param databaseMicros the same of PostgreSQL
 * @param stubMicros the same of the stub, which a real WeChat would not take from us
 * @param setBack pieces that the node could not finish and that waited for their lease to run out
 */
record Round(
    StubFigures stub,
    DatabaseFigures database,
    double nodeMicros,
    double databaseMicros,
    double stubMicros,
    long setBack) {

  /** For the note of a row. */
  String details() {
    String processor =
        "at most %d in flight; processor time per call: node %.0f µs, PostgreSQL %.0f µs, stub %.0f µs"
            .formatted(stub.mostInFlight(), nodeMicros, databaseMicros, stubMicros);
    return setBack == 0 ? processor : processor + "; %d set back by a lease".formatted(setBack);
  }
}
