package dev.attache.filters.http.api_key_auth;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.api_key_auth.v3.ApiKeyAuth;

/** The filter in the chain. */
public final class ApiKeyAuthFactory implements ExtensionCompiler<ApiKeyAuth, HttpFilterSpec> {
    @Override
    public ApiKeyAuth prototype() {
        return ApiKeyAuth.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(ApiKeyAuth proto, CompileContext context) {
        return context.result(
                new ApiKeyAuthFilterSpec(
                        ApiKeySettingsFactory.settings(
                                proto.getCredentialsList(),
                                proto.getKeySourcesList(),
                                proto.hasForwarding() ? proto.getForwarding() : null,
                                context)));
    }
}
