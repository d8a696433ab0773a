package io.yima.security;

/** What a key may do; the names as they stand in keys. */
public final class Scope {

  public static final String READ = "read";
  public static final String WRITE = "write";
  public static final String TOKENS = "tokens";
  public static final String CODES = "codes";
  public static final String GATEWAY = "gateway";

  /** Only keys of operators have it; it cannot be given to a provider's key. */
  public static final String OPERATOR = "operator";

  private Scope() {}
}
