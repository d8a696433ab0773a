package io.yima.wechat;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.RestQuery;

/**
 * WeChat's interfaces over HTTP. Bodies are ready-made, so that no mapper of the application has a
 * say in what is sent or understood; answers are streams, so that their size can be bounded.
 */
@Path("/")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.WILDCARD)
interface WeChatApi {

  @POST
  @Path("cgi-bin/component/api_component_token")
  Response componentToken(RequestBody body);

  @POST
  @Path("cgi-bin/component/api_start_push_ticket")
  Response startPushTicket(RequestBody body);

  // Newer pages name the parameter access_token, older ones and the most used SDK as here
  // [PREAUTH].
  @POST
  @Path("cgi-bin/component/api_create_preauthcode")
  Response createPreAuthCode(@QueryParam("component_access_token") String token, RequestBody body);

  @POST
  @Path("cgi-bin/component/api_query_auth")
  Response queryAuth(@QueryParam("component_access_token") String token, RequestBody body);

  @POST
  @Path("cgi-bin/component/api_authorizer_token")
  Response authorizerToken(@QueryParam("component_access_token") String token, RequestBody body);

  @POST
  @Path("cgi-bin/component/api_get_authorizer_info")
  Response authorizerInfo(@QueryParam("component_access_token") String token, RequestBody body);

  @POST
  @Path("cgi-bin/component/api_get_authorizer_list")
  Response authorizerList(@QueryParam("component_access_token") String token, RequestBody body);

  @POST
  @Path("intp/marketcode/applycode")
  Response applyCode(@QueryParam("access_token") String token, RequestBody body);

  @POST
  @Path("intp/marketcode/applycodequery")
  Response queryApplication(@QueryParam("access_token") String token, RequestBody body);

  @POST
  @Path("intp/marketcode/applycodedownload")
  Response downloadCodes(@QueryParam("access_token") String token, RequestBody body);

  @POST
  @Path("intp/marketcode/codeactive")
  Response activateCodes(@QueryParam("access_token") String token, RequestBody body);

  @POST
  @Path("intp/marketcode/codeactivequery")
  Response queryCode(@QueryParam("access_token") String token, RequestBody body);

  @POST
  @Path("intp/marketcode/tickettocode")
  Response exchangeCodeTicket(@QueryParam("access_token") String token, RequestBody body);

  @POST
  @Path("cgi-bin/openapi/quota/get")
  Response getQuota(@QueryParam("access_token") String token, RequestBody body);

  @POST
  @Path("cgi-bin/message/custom/send")
  Response sendMessage(@QueryParam("access_token") String token, RequestBody body);

  @POST
  @Path("{path}")
  Response post(
      @PathParam("path") @Encoded String path,
      @QueryParam("access_token") String token,
      @RestQuery MultivaluedMap<String, String> query,
      RequestBody body);

  @GET
  @Path("{path}")
  Response get(
      @PathParam("path") @Encoded String path,
      @QueryParam("access_token") String token,
      @RestQuery MultivaluedMap<String, String> query);
}
