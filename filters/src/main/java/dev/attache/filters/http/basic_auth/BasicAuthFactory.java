package dev.attache.filters.http.basic_auth;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.basic_auth.v3.BasicAuth;

/** The filter in the chain. */
public final class BasicAuthFactory implements ExtensionCompiler<BasicAuth, HttpFilterSpec> {
    @Override
    public BasicAuth prototype() {
        return BasicAuth.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(BasicAuth proto, CompileContext context) {
        String forward = proto.getForwardUsernameHeader();
        String header = proto.getAuthenticationHeader();
        Overlay newer = Overlay.of(proto);
        return context.result(
                new BasicAuthFilterSpec(
                        UsersFactory.read(proto.getUsers(), context.at("users")),
                        forward.isEmpty() ? null : HeaderName.of(forward),
                        HeaderName.of(header.isEmpty() ? "authorization" : header),
                        Octets.of(newer.text("realm")),
                        newer.flag("allow_missing"),
                        newer.flag("emit_dynamic_metadata")));
    }
}
