package dev.attache.filters.upstreams.http;

import dev.attache.config.Compiled;
import dev.attache.config.cluster.ProtocolCompiler;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.http.HttpFilterCompiler;
import dev.attache.config.route.ClusterPolicyCompiler;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec.ProtocolChoice;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;

/** HTTP options of a cluster. */
public final class HttpProtocolOptionsFactory
        implements ExtensionCompiler<HttpProtocolOptions, UpstreamHttpSpec> {
    @Override
    public HttpProtocolOptions prototype() {
        return HttpProtocolOptions.getDefaultInstance();
    }

    @Override
    public Compiled<UpstreamHttpSpec> compile(HttpProtocolOptions proto, CompileContext context) {
        return switch (proto.getUpstreamProtocolOptionsCase()) {
            case EXPLICIT_HTTP_CONFIG ->
                    explicit(proto, context.at("explicit_http_config"), context);
            case USE_DOWNSTREAM_PROTOCOL_CONFIG -> {
                var config = proto.getUseDownstreamProtocolConfig();
                yield compile(
                        ProtocolChoice.USE_DOWNSTREAM,
                        config.getHttpProtocolOptions(),
                        config.getHttp2ProtocolOptions(),
                        proto,
                        context.at("use_downstream_protocol_config"),
                        context);
            }
            case AUTO_CONFIG -> {
                var config = proto.getAutoConfig();
                yield compile(
                        ProtocolChoice.ALPN,
                        config.getHttpProtocolOptions(),
                        config.getHttp2ProtocolOptions(),
                        proto,
                        context.at("auto_config"),
                        context);
            }
            case UPSTREAMPROTOCOLOPTIONS_NOT_SET -> {
                context.error(
                        "one of explicit_http_config, use_downstream_protocol_config and"
                                + " auto_config must be set");
                yield context.result(null);
            }
        };
    }

    private static Compiled<UpstreamHttpSpec> explicit(
            HttpProtocolOptions proto, CompileContext at, CompileContext context) {
        var config = proto.getExplicitHttpConfig();
        ProtocolChoice choice =
                config.hasHttp2ProtocolOptions() ? ProtocolChoice.HTTP2 : ProtocolChoice.HTTP1;
        return compile(
                choice,
                config.getHttpProtocolOptions(),
                config.getHttp2ProtocolOptions(),
                proto,
                at,
                context);
    }

    private static Compiled<UpstreamHttpSpec> compile(
            ProtocolChoice choice,
            Http1ProtocolOptions http1,
            Http2ProtocolOptions http2,
            HttpProtocolOptions proto,
            CompileContext at,
            CompileContext context) {
        UpstreamHttpSpec spec =
                ProtocolCompiler.compile(
                        choice,
                        new ProtocolCompiler.Options(
                                http1,
                                http2,
                                proto.getCommonHttpProtocolOptions(),
                                proto.getUpstreamHttpProtocolOptions()),
                        new ProtocolCompiler.Contexts(
                                at.at("http_protocol_options"),
                                at.at("http2_protocol_options"),
                                context.at("common_http_protocol_options")));
        return context.result(
                spec.withPolicies(ClusterPolicyCompiler.compile(proto, context))
                        .withFilters(
                                HttpFilterCompiler.ofCluster(
                                        proto.getHttpFiltersList(), "http_filters", context)));
    }
}
