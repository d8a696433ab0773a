package io.yima.bench;

import java.io.IOException;
import java.net.URI;

/**
 * The upper anchor: sockets, and an answer that is read but not understood. What it reaches is what
 * stub and machine give; where others come near, the stub is the limit and not they.
 */
final class RawCaller implements RefreshCaller {

  private static final String TARGET =
      "/" + PATH + "?component_access_token=" + RefreshCaller.COMPONENT_TOKEN;

  private final RawHttp http;

  RawCaller(URI address) {
    http = new RawHttp(address);
  }

  @Override
  public void refresh(int merchant) throws IOException {
    String headers = "Content-Type: application/json\r\n";
    int status =
        http.exchange(RawHttp.request("POST", TARGET, headers, RefreshCaller.body(merchant)));
    if (status != 200) {
      throw new IOException("the stub answered with status " + status);
    }
  }
}
