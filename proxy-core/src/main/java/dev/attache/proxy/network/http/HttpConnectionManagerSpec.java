package dev.attache.proxy.network.http;

import dev.attache.proxy.accesslog.AccessLogSpec;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;
import dev.attache.proxy.network.http.request.ClientAddress;
import dev.attache.proxy.network.http.request.ForwardClientCert;
import dev.attache.proxy.network.http.request.Paths;
import dev.attache.proxy.network.http.request.RequestIds;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.route.HeaderEdit;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.worker.JitteredTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.filters.network.http_connection_manager.v3.HttpConnectionManager} with Envoy's
 * defaults applied. Immutable. Times in milliseconds; 0 = off.
 *
 * @param earlyEdits {@code early_header_mutation_extensions}, one after another
 * @param tracing null: nothing is traced
 */
public record HttpConnectionManagerSpec(
        String statPrefix,
        CodecType codecType,
        Http1Options http1,
        Http2Options http2,
        Routes routes,
        List<FilterEntry> filters,
        Map<String, UpgradeType> upgrades,
        Identity identity,
        ClientAddress clientAddress,
        RequestIds requestIds,
        ForwardClientCert forwardClientCert,
        Paths paths,
        Timeouts timeouts,
        LocalReplySpec localReplies,
        List<AccessLogSpec> accessLogs,
        boolean accessLogOnNewRequest,
        long accessLogFlushIntervalMillis,
        boolean proxy100Continue,
        boolean stripTrailingHostDot,
        StripPort stripPort,
        boolean appendXForwardedPort,
        @Nullable String schemeOverwrite,
        boolean schemeMatchUpstream,
        long maxRequestsPerConnection,
        ResetLimits resetLimits,
        int maxRequestHeadersKb,
        List<HeaderEdit> earlyEdits,
        @Nullable TracingSpec tracing)
        implements NetworkFilterSpec {

    public HttpConnectionManagerSpec {
        filters = List.copyOf(filters);
        upgrades = Map.copyOf(upgrades);
        accessLogs = List.copyOf(accessLogs);
        earlyEdits = List.copyOf(earlyEdits);
    }

    /** {@code codec_type}. */
    public enum CodecType {
        AUTO,
        HTTP1,
        HTTP2;

        /** What is spoken before anything was read, or null: the first bytes say it. */
        @Nullable Protocol negotiated(@Nullable TlsInfo tls) {
            return switch (this) {
                case HTTP1 -> Protocol.HTTP11;
                case HTTP2 -> Protocol.HTTP2;
                case AUTO -> tls == null ? null : ofAlpn(tls.alpn());
            };
        }

        private static @Nullable Protocol ofAlpn(@Nullable String alpn) {
            return "h2".equals(alpn)
                    ? Protocol.HTTP2
                    : "http/1.1".equals(alpn) ? Protocol.HTTP11 : null;
        }
    }

    /** Where routes come from. */
    public sealed interface Routes {
        /** {@code route_config}. */
        record Inline(RouteTable table) implements Routes {}

        /** {@code rds}: the name under which the worker's snapshot holds the table. */
        record Discovered(String name) implements Routes {}
    }

    /** One entry of {@code upgrade_configs}; filters null = the manager's own. */
    public record UpgradeType(boolean enabled, @Nullable List<FilterEntry> filters) {}

    /** What the proxy says of itself in headers. */
    public record Identity(String serverName, ServerHeader serverHeader, String via) {}

    /** {@code server_header_transformation}. */
    public enum ServerHeader {
        OVERWRITE,
        APPEND_IF_ABSENT,
        PASS_THROUGH
    }

    /**
     * All timeouts of the manager.
     *
     * @param connectionIdle {@code common_http_protocol_options.idle_timeout}, 1 hour
     * @param streamIdle 5 minutes
     * @param drain between the two GOAWAYs, 5 seconds
     * @param delayedClose 1 second
     * @param http1SafeMaxDuration an HTTP/1 connection that has reached its longest duration closes
     *     with its next response, not while it is idle
     * @param streamFlush -1 = as {@code streamIdle}
     */
    public record Timeouts(
            long connectionIdle,
            JitteredTime maxConnectionDuration,
            boolean http1SafeMaxDuration,
            long streamIdle,
            long streamFlush,
            long request,
            long requestHeaders,
            JitteredTime drain,
            long delayedClose,
            long maxStreamDuration) {

        public static final Timeouts DEFAULTS =
                new Timeouts(
                        3_600_000,
                        JitteredTime.OFF,
                        false,
                        300_000,
                        -1,
                        0,
                        0,
                        JitteredTime.of(5_000),
                        1_000,
                        0);
    }

    /**
     * When a connection whose streams end early and unanswered is ended itself.
     *
     * @param totalStreams runtime's {@code overload.premature_reset_total_stream_count}
     * @param minStreamLifetimeSeconds {@code overload.premature_reset_min_stream_lifetime_seconds}:
     *     a stream that lived longer did not end early
     */
    public record ResetLimits(long totalStreams, long minStreamLifetimeSeconds) {

        public static final ResetLimits DEFAULTS = new ResetLimits(500, 1);
    }

    /** {@code strip_matching_host_port} and {@code strip_any_host_port}. */
    public enum StripPort {
        NONE,
        MATCHING,
        ANY
    }

    @Override
    public boolean terminal() {
        return true;
    }

    @Override
    public NetworkFilterFactory open(NetworkFilterContext context) {
        return new HttpConnectionManagerFactory(this, context);
    }
}
