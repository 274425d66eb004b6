package dev.attache.filters.http.oauth2;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.oauth2.v3.OAuth2;

/** The filter in the chain. */
public final class Oauth2FilterFactory implements ExtensionCompiler<OAuth2, HttpFilterSpec> {
    @Override
    public OAuth2 prototype() {
        return OAuth2.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(OAuth2 proto, CompileContext context) {
        Oauth2Settings settings =
                proto.hasConfig()
                        ? SettingsFactory.compile(proto.getConfig(), context.at("config"))
                        : null;
        return context.result(
                proto.hasConfig() && settings == null ? null : new Oauth2FilterSpec(settings));
    }
}
