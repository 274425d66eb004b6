package dev.attache.filters.http.router;

import dev.attache.config.Compiled;
import dev.attache.config.accesslog.AccessLogCompiler;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.http.HttpFilterCompiler;
import dev.attache.proxy.router.RouterSpec;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;

/** The router. */
public final class RouterFilterFactory implements ExtensionCompiler<Router, RouterSpec> {
    @Override
    public Router prototype() {
        return Router.getDefaultInstance();
    }

    @Override
    public Compiled<RouterSpec> compile(Router proto, CompileContext context) {
        return context.result(
                new RouterSpec(
                        proto.getSuppressEnvoyHeaders(),
                        proto.getRespectExpectedRqTimeout(),
                        AccessLogCompiler.compile(
                                proto.getUpstreamLogList(), "upstream_log", context),
                        HttpFilterCompiler.ofRouter(
                                proto.getUpstreamHttpFiltersList(),
                                "upstream_http_filters",
                                context),
                        proto.getStartChildSpan()));
    }
}
