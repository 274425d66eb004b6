package dev.attache.filters.http.oauth2;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.OverlayCompiler;
import io.envoyproxy.envoy.extensions.filters.http.oauth2.v3.OAuth2Config;

/** Settings of a route, in place of the filter's. */
public final class Oauth2PerRouteFactory implements OverlayCompiler<Object> {
    @Override
    public Compiled<Object> compile(Overlay proto, CompileContext context) {
        OAuth2Config config = proto.message("config", OAuth2Config.getDefaultInstance());
        Oauth2Settings settings =
                config == null ? null : SettingsFactory.compile(config, context.at("config"));
        return context.result(settings == null ? null : new Oauth2Override(settings));
    }
}
