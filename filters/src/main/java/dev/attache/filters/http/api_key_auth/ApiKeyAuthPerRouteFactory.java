package dev.attache.filters.http.api_key_auth;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.http.Octets;
import io.envoyproxy.envoy.extensions.filters.http.api_key_auth.v3.ApiKeyAuthPerRoute;
import java.util.stream.Collectors;

/** What a route says. */
public final class ApiKeyAuthPerRouteFactory
        implements ExtensionCompiler<ApiKeyAuthPerRoute, Object> {
    @Override
    public ApiKeyAuthPerRoute prototype() {
        return ApiKeyAuthPerRoute.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(ApiKeyAuthPerRoute proto, CompileContext context) {
        return context.result(
                new ApiKeyRoute(
                        ApiKeySettingsFactory.settings(
                                proto.getCredentialsList(),
                                proto.getKeySourcesList(),
                                proto.hasForwarding() ? proto.getForwarding() : null,
                                context),
                        proto.getAllowedClientsList().stream()
                                .map(Octets::of)
                                .collect(Collectors.toUnmodifiableSet())));
    }
}
