package dev.attache.config.cluster;

import dev.attache.config.api.EnvoyExtensions;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.http.HttpOptionsCompiler;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.route.RequestPolicies;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec.ProtocolChoice;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.UpstreamHttpProtocolOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster speaks HTTP: the deprecated fields of the cluster itself, unless {@code
 * typed_extension_protocol_options} carries the options, which then replace them all.
 */
public final class ProtocolCompiler {
    private static final int MAX_HTTP1_HEADERS_KB = Http1Options.UPSTREAM_DEFAULTS.maxHeadersKb();
    private static final int MAX_HTTP2_HEADERS_KB = Http2Options.DEFAULTS.maxHeadersKb();

    private static final List<String> OWNERS_OF_OPTIONS =
            List.of("envoy.upstream_options", "envoy.filters.network", "envoy.filters.http");

    /** What {@code typed_extension_protocol_options} brought. */
    record Typed(@Nullable UpstreamHttpSpec http, @Nullable TcpPoolOptions tcp) {}

    private ProtocolCompiler() {}

    static Typed typed(Cluster cluster, CompileContext context) {
        UpstreamHttpSpec http = null;
        TcpPoolOptions tcp = null;
        for (var entry : cluster.getTypedExtensionProtocolOptionsMap().entrySet()) {
            CompileContext at = context.at("typed_extension_protocol_options", entry.getKey());
            String name = at.extensionName(ExtensionCategory.UPSTREAM_OPTIONS, entry.getValue());
            if (!name.equals(entry.getKey())) {
                at.missing(
                        "Didn't find a registered network or http filter or protocol options"
                                + " implementation for name: '%s'".formatted(entry.getKey()),
                        OWNERS_OF_OPTIONS.stream()
                                .anyMatch(owner -> EnvoyExtensions.hasName(owner, entry.getKey())));
                continue;
            }
            Object spec =
                    at.extension(
                            ExtensionCategory.UPSTREAM_OPTIONS,
                            Object.class,
                            entry.getKey(),
                            entry.getValue());
            if (spec instanceof UpstreamHttpSpec options) {
                http = options;
            } else if (spec instanceof TcpPoolOptions options) {
                tcp = options;
            } else if (spec != null) { // null is reported
                at.error("these options mean nothing to a cluster");
            }
        }
        return new Typed(http, tcp);
    }

    @SuppressWarnings("deprecation") // the deprecated fields are this method's purpose
    static UpstreamHttpSpec legacy(Cluster cluster, CompileContext context) {
        boolean useDownstream =
                cluster.getProtocolSelection()
                        == Cluster.ClusterProtocolSelection.USE_DOWNSTREAM_PROTOCOL;
        ProtocolChoice choice =
                useDownstream
                        ? ProtocolChoice.USE_DOWNSTREAM
                        : cluster.hasHttp2ProtocolOptions()
                                ? ProtocolChoice.HTTP2
                                : ProtocolChoice.HTTP1;
        HttpProtocolOptions shared = cluster.getCommonHttpProtocolOptions();
        if (cluster.hasMaxRequestsPerConnection()) {
            shared =
                    shared.toBuilder()
                            .setMaxRequestsPerConnection(cluster.getMaxRequestsPerConnection())
                            .build();
        }
        return compile(
                choice,
                new Options(
                        cluster.getHttpProtocolOptions(),
                        cluster.getHttp2ProtocolOptions(),
                        shared,
                        cluster.getUpstreamHttpProtocolOptions()),
                new Contexts(
                        context.at("http_protocol_options"),
                        context.at("http2_protocol_options"),
                        context.at("common_http_protocol_options")));
    }

    /** The messages that make up a cluster's HTTP options. */
    public record Options(
            Http1ProtocolOptions http1,
            Http2ProtocolOptions http2,
            HttpProtocolOptions shared,
            UpstreamHttpProtocolOptions upstream) {}

    /** Where each of the messages stands. */
    public record Contexts(CompileContext http1, CompileContext http2, CompileContext shared) {}

    /** HTTP options of a cluster from their parts. */
    public static UpstreamHttpSpec compile(
            ProtocolChoice choice, Options options, Contexts contexts) {
        HttpProtocolOptions shared = options.shared();
        CompileContext at = contexts.shared();
        String sniHeader = options.upstream().getOverrideAutoSniHeader();
        return new UpstreamHttpSpec(
                choice,
                HttpOptionsCompiler.http1(
                        options.http1(),
                        shared,
                        side(shared, MAX_HTTP1_HEADERS_KB),
                        contexts.http1()),
                HttpOptionsCompiler.http2(
                        options.http2(),
                        shared,
                        side(shared, MAX_HTTP2_HEADERS_KB),
                        contexts.http2()),
                Durations.millis(
                        shared.hasIdleTimeout(),
                        shared.getIdleTimeout(),
                        UpstreamHttpSpec.IDLE_TIMEOUT_MILLIS,
                        at.at("idle_timeout")),
                HttpOptionsCompiler.maxConnectionDuration(shared, at),
                Integer.toUnsignedLong(shared.getMaxRequestsPerConnection().getValue()),
                Durations.millis(shared.getMaxStreamDuration(), at.at("max_stream_duration")),
                options.upstream().getAutoSni(),
                options.upstream().getAutoSanValidation(),
                sniHeader.isEmpty() ? null : HeaderName.of(sniHeader),
                RequestPolicies.NONE,
                null);
    }

    /**
     * The upstream side of a protocol whose heads may be {@code maxHeadersKb} where none is said.
     */
    private static HttpOptionsCompiler.Side side(HttpProtocolOptions shared, int maxHeadersKb) {
        int limit =
                shared.hasMaxResponseHeadersKb()
                        ? shared.getMaxResponseHeadersKb().getValue()
                        : maxHeadersKb;
        return new HttpOptionsCompiler.Side(
                limit,
                shared.hasMaxResponseHeadersKb() ? "max_response_headers_kb" : "",
                false,
                false,
                Http2Options.MAX_REQUESTS_PER_TURN);
    }
}
