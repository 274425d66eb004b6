package dev.attache.proxy.network.http;

import dev.attache.proxy.accesslog.AccessLogSpec;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.matching.CidrRange;
import dev.attache.proxy.matching.MatchTree;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.worker.JitteredTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.filters.network.http_connection_manager.v3.HttpConnectionManager} with Envoy's
 * defaults applied. Immutable. Times in milliseconds; 0 = off.
 *
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
        @Nullable TracingSpec tracing)
        implements NetworkFilterSpec {

    public HttpConnectionManagerSpec {
        filters = List.copyOf(filters);
        upgrades = Map.copyOf(upgrades);
        accessLogs = List.copyOf(accessLogs);
    }

    /** {@code codec_type}. */
    public enum CodecType {
        AUTO,
        HTTP1,
        HTTP2
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
     * Who the client is.
     *
     * @param xffNumTrustedHops {@code xff_num_trusted_hops}
     * @param internalCidrs {@code internal_address_config}; empty: nobody is internal
     * @param userAgentStats {@code add_user_agent}
     * @param forwardProto what restored destinations say of the scheme
     * @param toldUpstream {@code add_proxy_protocol_connection_state}
     */
    public record ClientAddress(
            boolean useRemoteAddress,
            int xffNumTrustedHops,
            boolean skipXffAppend,
            boolean internalUnixSockets,
            List<CidrRange> internalCidrs,
            boolean addUserAgent,
            boolean representIpv4AsIpv4MappedIpv6,
            List<OriginalIpDetection> detections,
            ForwardProto forwardProto,
            boolean toldUpstream) {

        /** Of a client that upstreams may be told of. */
        public ClientAddress(
                boolean useRemoteAddress,
                int xffNumTrustedHops,
                boolean skipXffAppend,
                boolean internalUnixSockets,
                List<CidrRange> internalCidrs,
                boolean addUserAgent,
                boolean representIpv4AsIpv4MappedIpv6,
                List<OriginalIpDetection> detections,
                ForwardProto forwardProto) {
            this(
                    useRemoteAddress,
                    xffNumTrustedHops,
                    skipXffAppend,
                    internalUnixSockets,
                    internalCidrs,
                    addUserAgent,
                    representIpv4AsIpv4MappedIpv6,
                    detections,
                    forwardProto,
                    true);
        }
    }

    /**
     * {@code forward_proto_config}: the scheme of requests whose destination was restored, by PROXY
     * protocol or interception, from its port; of other ports and other requests the connection
     * says it.
     */
    public record ForwardProto(Set<Integer> httpsPorts, Set<Integer> httpPorts) {

        public static final ForwardProto NONE = new ForwardProto(Set.of(), Set.of());

        public ForwardProto {
            httpsPorts = Set.copyOf(httpsPorts);
            httpPorts = Set.copyOf(httpPorts);
        }

        boolean isHttps(ConnectionInfo connection) {
            if (this != NONE
                    && connection.localAddressRestored()
                    && connection.localAddress() instanceof IpAddress destination) {
                if (httpsPorts.contains(destination.port())) {
                    return true;
                }
                if (httpPorts.contains(destination.port())) {
                    return false;
                }
            }
            return connection.tls() != null;
        }
    }

    /** An {@code original_ip_detection_extensions} entry. */
    public sealed interface OriginalIpDetection {
        /** {@code xff}: hops from the right, or trusted ranges. */
        record Xff(int trustedHops, List<CidrRange> trustedCidrs, boolean skipAppend)
                implements OriginalIpDetection {}

        /** {@code custom_header}; a missing or bad header is refused with a status when set. */
        record CustomHeader(
                dev.attache.proxy.http.HeaderName header, boolean trusted, int rejectStatus)
                implements OriginalIpDetection {}
    }

    /**
     * {@code generate_request_id} and friends.
     *
     * @param samplesTraces {@code use_request_id_for_trace_sampling}
     */
    public record RequestIds(
            boolean generate,
            boolean preserveExternal,
            boolean alwaysSetInResponse,
            boolean packTraceReason,
            boolean samplesTraces) {}

    /**
     * {@code forward_client_cert_details}.
     *
     * @param json the {@code format} of what we say, where nobody before us has said anything
     * @param matcher {@code forward_client_cert_matcher}: picks others by the request; where it
     *     picks none, these hold. Null = there is none
     */
    public record ForwardClientCert(
            XfccMode mode,
            Set<XfccDetail> details,
            boolean json,
            @Nullable MatchTree<HttpMatchData, ForwardClientCert> matcher) {
        public ForwardClientCert(XfccMode mode, Set<XfccDetail> details) {
            this(mode, details, false, null);
        }
    }

    /** Envoy's modes, by name. */
    public enum XfccMode {
        SANITIZE,
        FORWARD_ONLY,
        APPEND_FORWARD,
        SANITIZE_SET,
        ALWAYS_FORWARD_ONLY
    }

    /** {@code set_current_client_cert_details}, in the order in which they are written. */
    public enum XfccDetail {
        CERT,
        CHAIN,
        SUBJECT,
        URI,
        DNS,
        ISSUER
    }

    /** Path normalisation. */
    public record Paths(
            boolean normalize,
            boolean mergeSlashes,
            EscapedSlashes escapedSlashes,
            boolean rejectFragment) {}

    /** {@code path_with_escaped_slashes_action}. */
    public enum EscapedSlashes {
        KEEP_UNCHANGED,
        REJECT_REQUEST,
        UNESCAPE_AND_REDIRECT,
        UNESCAPE_AND_FORWARD
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
