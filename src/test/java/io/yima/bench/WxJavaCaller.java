package io.yima.bench;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import java.net.InetAddress;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import me.chanjar.weixin.common.error.WxErrorException;
import me.chanjar.weixin.common.util.http.hc.DefaultHttpComponentsClientBuilder;
import me.chanjar.weixin.open.api.WxOpenConfigStorage;
import me.chanjar.weixin.open.api.impl.WxOpenInMemoryConfigStorage;
import me.chanjar.weixin.open.api.impl.WxOpenServiceImpl;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;

/**
 * The rival: WxJava's published open module as its documentation shows it, one {@code
 * WxOpenService} over a storage. It refreshes through the module's own {@code
 * getAuthorizerAccessToken}: expired tokens, the module's lock for each merchant, its parsing, its
 * storing. What it has no setting for is where WeChat is, so that its HTTP client is one that
 * connects every host to the stub.
 */
final class WxJavaCaller implements RefreshCaller {

  private final WxOpenServiceImpl service;
  private final WxOpenConfigStorage storage;

  private WxJavaCaller(WxOpenInMemoryConfigStorage storage, URI address, int connections) {
    this.storage = storage;
    storage.setWxOpenInfo(COMPONENT_APPID, "appsecret", "message-token", "encoding-aes-key");
    storage.setComponentVerifyTicket("ticket@@@benchmark");
    service = new ConnectedToStub(address, connections);
    service.setWxOpenConfigStorage(storage);
  }

  /** With as many connections as the module's own HTTP client opens to one host. */
  static RefreshCaller asPublished(URI address) {
    int connections = DefaultHttpComponentsClientBuilder.get().getMaxConnPerHost();
    return new WxJavaCaller(new WxOpenInMemoryConfigStorage(), address, connections);
  }

  /** With as many connections as all others have; tokens are lost when the process ends. */
  static RefreshCaller inMemory(URI address, int connections) {
    return new WxJavaCaller(new WxOpenInMemoryConfigStorage(), address, connections);
  }

  /** Tokens survive, as ours do: every change that the module makes is committed. */
  static RefreshCaller durable(URI address, int connections, String jdbcUrl) throws SQLException {
    DataSource dataSource =
        AgroalDataSource.from(
            new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(
                    pool ->
                        pool.maxSize(20)
                            .acquisitionTimeout(Duration.ofSeconds(60))
                            .connectionFactoryConfiguration(factory -> factory.jdbcUrl(jdbcUrl))));
    return new WxJavaCaller(new WxJavaTable(dataSource), address, connections);
  }

  @Override
  public void refresh(int merchant) throws WxErrorException {
    String appid = Appids.of(merchant);
    // Every round finds the tokens as two hours later: expired, with the refresh token at hand.
    storage.expireAuthorizerAccessToken(appid);
    if (storage.getAuthorizerRefreshToken(appid) == null) {
      storage.setAuthorizerRefreshToken(appid, RefreshCaller.refreshToken(merchant));
    }
    service.getWxOpenComponentService().getAuthorizerAccessToken(appid, false);
  }

  /** The module's default service, whose HTTP client takes the stub for every host. */
  private static final class ConnectedToStub extends WxOpenServiceImpl {

    private final CloseableHttpClient client;

    ConnectedToStub(URI address, int connections) {
      if (!address.getScheme().equals("https")) {
        throw new IllegalArgumentException("WxJava calls WeChat by https alone");
      }
      client =
          HttpClients.custom()
              .setConnectionManager(
                  PoolingHttpClientConnectionManagerBuilder.create()
                      .useSystemProperties()
                      .setMaxConnTotal(connections)
                      .setMaxConnPerRoute(connections)
                      .setDnsResolver(
                          new SystemDefaultDnsResolver() {
                            @Override
                            public InetAddress[] resolve(String host) {
                              return new InetAddress[] {InetAddress.getLoopbackAddress()};
                            }
                          })
                      .setSchemePortResolver(host -> address.getPort())
                      .build())
              .build();
    }

    @Override
    public CloseableHttpClient getRequestHttpClient() {
      return client;
    }
  }
}
