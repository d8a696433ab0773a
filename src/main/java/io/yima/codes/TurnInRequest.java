package io.yima.codes;

import io.yima.work.RequestPatience;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Lets a request wait for a turn to WeChat, but not for ever: a turn that takes longer goes on by
 * itself and is recorded all the same.
 */
@ApplicationScoped
class TurnInRequest {

  private final TurnWriter writer;

  TurnInRequest(TurnWriter writer) {
    this.writer = writer;
  }

  /** The turn as recorded; empty when it is still under way or the row is someone else's. */
  Optional<Turn> run(Supplier<Turn> turn, Duration patience) {
    return RequestPatience.await("application-turn", patience, () -> writer.write(turn.get()))
        .flatMap(Function.identity());
  }
}
