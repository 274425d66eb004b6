package dev.attache.filters.authorization;

import dev.attache.api.Overlay;
import dev.attache.config.call.CallRetries;
import dev.attache.config.call.GrpcServices;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.StringMatchers;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.route.RetryPolicy;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.AuthorizationResponse;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.HttpService;
import io.envoyproxy.envoy.type.matcher.v3.ListStringMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles the services that are asked. */
public final class AuthorizationServiceFactory {

    /** Of both kinds, where none is set. */
    private static final long TIMEOUT_MILLIS = 200;

    /** When a service over HTTP is asked again, where its policy does not say. */
    private static final String RETRY_ON = "5xx,gateway-error,connect-failure,reset";

    /** Of the transport API. */
    public static final String OLD_API = "only version 3 of the transport API is supported";

    private AuthorizationServiceFactory() {}

    public static @Nullable AuthorizationService grpc(
            io.envoyproxy.envoy.config.core.v3.GrpcService service, CompileContext context) {
        GrpcService compiled = GrpcServices.compile(service, TIMEOUT_MILLIS, context);
        return compiled == null ? null : new AuthorizationService.OverGrpc(compiled);
    }

    public static AuthorizationService http(HttpService service, CompileContext context) {
        String prefix = service.getPathPrefix();
        String override = Overlay.of(service).text("path_override");
        if (!prefix.isEmpty() && !prefix.startsWith("/")) {
            context.at("path_prefix").error("path_prefix should start with \"/\".");
        }
        if (!override.isEmpty() && !override.startsWith("/")) {
            context.at("path_override").error("path_override should start with \"/\".");
        }
        if (!override.isEmpty() && !prefix.isEmpty()) {
            context.at("path_override")
                    .error("Only one of path_prefix or path_override may be specified.");
        }
        AuthorizationResponse response = service.getAuthorizationResponse();
        CompileContext at = context.at("authorization_response");
        List<StringMatcher> denied =
                matchers(response.getAllowedClientHeaders(), "allowed_client_headers", at);
        RetryPolicy retry =
                service.hasRetryPolicy()
                        ? CallRetries.compile(
                                service.getRetryPolicy(), RETRY_ON, context.at("retry_policy"))
                        : null;
        return new AuthorizationService.OverHttp(
                service.getServerUri().getCluster(),
                Durations.millis(
                        service.getServerUri().hasTimeout(),
                        service.getServerUri().getTimeout(),
                        TIMEOUT_MILLIS,
                        context.at("server_uri").at("timeout")),
                Octets.of(prefix),
                Octets.of(override),
                GrpcServices.additions(
                        service.getAuthorizationRequest().getHeadersToAddList(),
                        "headers_to_add",
                        context.at("authorization_request")),
                retry,
                matchers(response.getAllowedUpstreamHeaders(), "allowed_upstream_headers", at),
                matchers(
                        response.getAllowedUpstreamHeadersToAppend(),
                        "allowed_upstream_headers_to_append",
                        at),
                denied.isEmpty() ? null : denied,
                matchers(
                        response.getAllowedClientHeadersOnSuccess(),
                        "allowed_client_headers_on_success",
                        at),
                matchers(
                        response.getDynamicMetadataFromHeaders(),
                        "dynamic_metadata_from_headers",
                        at));
    }

    public static List<StringMatcher> matchers(
            ListStringMatcher list, String field, CompileContext context) {
        return StringMatchers.compile(list.getPatternsList(), "patterns", context.at(field));
    }
}
