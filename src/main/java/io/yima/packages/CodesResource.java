package io.yima.packages;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import io.yima.api.Problems;
import io.yima.api.Refuses;
import io.yima.api.WholeBody;
import io.yima.codes.ApplicationKey;
import io.yima.security.Caller;
import io.yima.security.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Hands out an application's codes. */
@Path("/api/v1/authorizers/{authorizer_appid}/code-applications/{isv_application_id}")
@Tag(name = "Codes")
@RunOnVirtualThread
@Refuses(
    status = 404,
    code = "authorizer_not_found",
    when = "The appid cannot be one, or no such merchant has authorized this provider.")
@Refuses(
    status = 404,
    code = "code_application_not_found",
    when = "This merchant has no such application.")
@Refuses(
    status = 409,
    code = "codes_not_finished",
    when = "WeChat has not made all of these codes yet.")
@Refuses(
    status = 409,
    code = "codes_not_ready",
    when = "Some of the codes are not fetched yet: ask again after Retry-After.")
@Refuses(status = 409, code = "code_key_missing", when = "The merchant's code key is not set.")
@Refuses(
    status = 409,
    code = "code_key_invalid",
    when = "The code key does not open the merchant's packages.")
@Refuses(
    status = 503,
    code = "code_store_unavailable",
    when = "What is kept cannot be read at this moment.")
@Refuses(
    status = 503,
    code = "code_package_damaged",
    when = "What is kept of these codes is damaged, and is fetched again.")
public class CodesResource {

  private static final String SVG = "image/svg+xml";
  private static final String PNG = "image/png";
  private static final String CSV = "text/csv";
  private static final String NDJSON = "application/x-ndjson";
  private static final String ZIP = "application/zip";

  private final StoredCodes codes;
  private final Caller caller;

  CodesResource(StoredCodes codes, Caller caller) {
    this.codes = codes;
    this.caller = caller;
  }

  @Operation(
      operationId = "getCodes",
      summary = "Download codes",
      description =
          "All codes of the application, or those of a range, in order of index, as CSV or NDJSON by Accept, with gzip where Accept-Encoding asks for it. A download that broke off goes on from the index behind the last whole line. What is not fetched from WeChat yet is fetched from then on.")
  @APIResponse(
      responseCode = "200",
      description = "The codes.",
      content = {
        @Content(
            mediaType = CSV,
            schema = @Schema(type = SchemaType.STRING, description = "One line a code."),
            example = "code_index,code_url,row"),
        @Content(
            mediaType = NDJSON,
            schema = @Schema(type = SchemaType.STRING, description = "One JSON object a line."),
            example = "one JSON object a line")
      })
  @GET
  @Path("/codes")
  @Produces({CSV, NDJSON})
  @RolesAllowed(Scope.CODES)
  public Response codes(
      @PathParam("authorizer_appid") String authorizerAppid,
      @PathParam("isv_application_id") String isvApplicationId,
      @Parameter(
              description = "Index of the first code; 0 where it is left out.",
              example = "0",
              schema = @Schema(type = SchemaType.INTEGER, format = "int64", minimum = "0"))
          @QueryParam("code_start")
          @Nullable String codeStart,
      @Parameter(
              description = "Index of the last code; the application's where it is left out.",
              example = "49999",
              schema = @Schema(type = SchemaType.INTEGER, format = "int64", minimum = "0"))
          @QueryParam("code_end")
          @Nullable String codeEnd,
      @Context HttpHeaders headers,
      @Context HttpServerRequest request) {
    ApplicationKey key = key(authorizerAppid, isvApplicationId);
    CodeFormat format = format(headers);
    boolean gzip = takesGzip(headers);
    CodeSelection selection =
        codes.select(
            key,
            index("code_start", codeStart),
            index("code_end", codeEnd),
            format.name().toLowerCase(Locale.ROOT));
    CodeReader reader = codes.reader(selection);
    StreamingOutput body =
        out -> {
          if (gzip) {
            GZIPOutputStream zipped = new GZIPOutputStream(out);
            reader.writeTo(zipped, format);
            zipped.finish();
          } else {
            reader.writeTo(out, format);
          }
        };
    Response.ResponseBuilder response =
        Response.ok(new WholeBody(request, body))
            .type(format.mediaType() + ";charset=UTF-8")
            .header(HttpHeaders.VARY, "Accept, Accept-Encoding")
            .header(HttpHeaders.CACHE_CONTROL, "no-store");
    return gzip ? response.encoding("gzip").build() : response.build();
  }

  @Operation(
      operationId = "getCodeArchive",
      summary = "Download codes for a printer",
      description =
          "A zip with a CSV file for each range that WeChat named, manifest.json, and SHA256SUMS as sha256sum --check takes it.")
  @APIResponse(
      responseCode = "200",
      description = "The archive.",
      content =
          @Content(
              mediaType = ZIP,
              schema = @Schema(type = SchemaType.STRING, format = "binary"),
              example = "PK"))
  @GET
  @Path("/codes.zip")
  @Produces(ZIP)
  @RolesAllowed(Scope.CODES)
  public Response archive(
      @PathParam("authorizer_appid") String authorizerAppid,
      @PathParam("isv_application_id") String isvApplicationId,
      @Parameter(
              description = "Index of the first code; 0 where it is left out.",
              example = "0",
              schema = @Schema(type = SchemaType.INTEGER, format = "int64", minimum = "0"))
          @QueryParam("code_start")
          @Nullable String codeStart,
      @Parameter(
              description = "Index of the last code; the application's where it is left out.",
              example = "49999",
              schema = @Schema(type = SchemaType.INTEGER, format = "int64", minimum = "0"))
          @QueryParam("code_end")
          @Nullable String codeEnd,
      @Context HttpServerRequest request) {
    ApplicationKey key = key(authorizerAppid, isvApplicationId);
    CodeSelection selection =
        codes.select(key, index("code_start", codeStart), index("code_end", codeEnd), "zip");
    CodeArchive archive = new CodeArchive(codes.reader(selection), selection);
    return Response.ok(new WholeBody(request, archive::writeTo))
        .type(ZIP)
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"codes.zip\"")
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }

  @Operation(operationId = "getCode", summary = "Show a code")
  @APIResponse(responseCode = "200", description = "The code.")
  @Refuses(status = 404, code = "code_not_found", when = "The application has no such index.")
  @GET
  @Path("/codes/{code_index}")
  @Produces(MediaType.APPLICATION_JSON)
  @RolesAllowed(Scope.CODES)
  public CodeView code(
      @PathParam("authorizer_appid") String authorizerAppid,
      @PathParam("isv_application_id") String isvApplicationId,
      @Parameter(
              description = "The code's index within the application, 0 or more.",
              example = "0",
              schema = @Schema(type = SchemaType.INTEGER, format = "int64", minimum = "0"))
          @PathParam("code_index")
          String codeIndex) {
    ApplicationKey key = key(authorizerAppid, isvApplicationId);
    long index = pathIndex(codeIndex);
    return code(key, index, "json");
  }

  @Operation(
      operationId = "getCodeQr",
      summary = "Draw a code",
      description = "The code's printed address as a QR code, SVG or PNG by Accept.")
  @APIResponse(
      responseCode = "200",
      description = "The picture.",
      content = {
        @Content(
            mediaType = SVG,
            schema = @Schema(type = SchemaType.STRING),
            example = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        @Content(
            mediaType = PNG,
            schema = @Schema(type = SchemaType.STRING, format = "binary"),
            example = "PNG")
      })
  @Refuses(status = 404, code = "code_not_found", when = "The application has no such index.")
  @GET
  @Path("/codes/{code_index}/qr")
  @Produces({SVG, PNG})
  @RolesAllowed(Scope.CODES)
  public Response qr(
      @PathParam("authorizer_appid") String authorizerAppid,
      @PathParam("isv_application_id") String isvApplicationId,
      @Parameter(
              description = "The code's index within the application, 0 or more.",
              example = "0",
              schema = @Schema(type = SchemaType.INTEGER, format = "int64", minimum = "0"))
          @PathParam("code_index")
          String codeIndex,
      @Context HttpHeaders headers) {
    ApplicationKey key = key(authorizerAppid, isvApplicationId);
    boolean png = prefers(headers, PNG, SVG);
    CodeView code = code(key, pathIndex(codeIndex), png ? "png" : "svg");
    QrSymbol symbol = QrSymbol.of(code.codeUrl());
    return Response.ok(png ? symbol.png() : symbol.svg())
        .type(png ? PNG : SVG)
        .header(HttpHeaders.VARY, "Accept")
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }

  private CodeView code(ApplicationKey key, long index, String as) {
    return codes.reader(codes.selectOne(key, index, as)).first();
  }

  private ApplicationKey key(String authorizerAppid, String isvApplicationId) {
    return ApplicationKey.named(caller.authorizer(authorizerAppid), isvApplicationId);
  }

  private static long pathIndex(String text) {
    if (!isIndex(text)) {
      throw StoredCodes.noSuchCode();
    }
    return Long.parseLong(text);
  }

  private static @Nullable Long index(String parameter, @Nullable String text) {
    if (text == null) {
      return null;
    }
    if (!isIndex(text)) {
      throw Problems.invalid(parameter, "must be an index, 0 or more");
    }
    return Long.valueOf(text);
  }

  private static boolean isIndex(String text) {
    return !text.isEmpty()
        && text.length() <= 9
        && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
  }

  private static CodeFormat format(HttpHeaders headers) {
    return prefers(headers, NDJSON, CSV) ? CodeFormat.NDJSON : CodeFormat.CSV;
  }

  /** Whether the caller would rather have the first; the second where it does not care. */
  private static boolean prefers(HttpHeaders headers, String first, String second) {
    List<MediaType> acceptable = headers.getAcceptableMediaTypes();
    for (MediaType type : acceptable) {
      if (type.isCompatible(MediaType.valueOf(second))) {
        return false;
      }
      if (type.isCompatible(MediaType.valueOf(first))) {
        return true;
      }
    }
    return false;
  }

  private static boolean takesGzip(HttpHeaders headers) {
    return headers.getRequestHeader(HttpHeaders.ACCEPT_ENCODING).stream()
        .flatMap(header -> Arrays.stream(header.split(",", -1)))
        .map(coding -> coding.replace(" ", "").toLowerCase(Locale.ROOT))
        .anyMatch(coding -> coding.matches("(x-)?gzip(;q=(0\\.\\d*[1-9]\\d*|1(\\.0*)?))?"));
  }
}
