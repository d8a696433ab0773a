package io.yima.secrets;

/** Gives programs outside of the application the sealer of a keyset. */
public final class SealerOf {

  private SealerOf() {}

  /** Seals and opens with the keyset that {@link MasterKeyset#generate()} made. */
  public static Sealer keyset(Secret json) {
    return new Sealer(MasterKeyset.parse(json.reveal()));
  }
}
