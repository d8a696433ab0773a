package io.yima.quota;

import java.util.List;

/**
 * The interfaces whose calls are counted, by the last part of their paths, as failures name them.
 */
public final class CountedApis {

  /** Sends an order. */
  public static final String APPLY_CODE = "applycode";

  /** Asks how far an application is. */
  public static final String QUERY_APPLICATION = "applycodequery";

  /** Fetches a package. */
  public static final String DOWNLOAD_CODES = "applycodedownload";

  /** Binds a range of codes. */
  public static final String ACTIVATE_CODES = "codeactive";

  /** Asks what a code is bound to. */
  public static final String QUERY_CODE = "codeactivequery";

  /** Gives a code for the ticket of a scan. */
  public static final String EXCHANGE_CODE_TICKET = "tickettocode";

  /** All, in the order in which claims take their rows. */
  static final List<String> ALL =
      List.of(
          APPLY_CODE,
          DOWNLOAD_CODES,
          QUERY_APPLICATION,
          ACTIVATE_CODES,
          QUERY_CODE,
          EXCHANGE_CODE_TICKET);

  private CountedApis() {}
}
