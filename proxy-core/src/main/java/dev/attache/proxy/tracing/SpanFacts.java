package dev.attache.proxy.tracing;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import org.jspecify.annotations.Nullable;

/** The tags that every span has; Envoy's {@code HttpTracerUtility}. Stateless. */
public final class SpanFacts {

    private static final HeaderName GRPC_STATUS = HeaderName.GRPC_STATUS;
    private static final String COMPONENT = "component";
    private static final String ERROR = "error";
    private static final String TRUE = "true";

    private SpanFacts() {}

    static void server(Span span, StreamTrace trace, FormatContext facts) {
        StreamInfo info = facts.info();
        Headers request = facts.requestHeaders();
        if (request != null) {
            request(span, info, request, trace.options().maxPathTagLength());
        }
        span.tag("request_size", Long.toString(info.bytesReceived));
        span.tag("response_size", Long.toString(info.bytesSent));
        span.tag(COMPONENT, "proxy");
        UpstreamInfo upstream = info.upstream();
        if (info.clusterName != null) {
            cluster(span, info.clusterName, info.clusterObservabilityName);
        }
        span.tag("http.status_code", Integer.toString(info.responseCode()));
        span.tag("response_flags", info.flags(false));
        if (trace.options().verbose()) {
            times(span, trace, info, upstream);
        }
        trace.describe(span, false);
        error(span, info.responseCode());
        grpcResponse(span, facts.responseHeaders());
        grpcResponse(span, facts.responseTrailers());
    }

    private static void request(Span span, StreamInfo info, Headers request, long maxPath) {
        String id = request.get(HeaderName.X_REQUEST_ID);
        if (id != null) {
            span.tag("guid:x-request-id", id);
        }
        span.tag("http.url", url(request, maxPath));
        span.tag("http.method", request.getOr(HeaderName.METHOD, ""));
        span.tag(
                "downstream_cluster",
                orDash(request.get(HeaderName.X_ENVOY_DOWNSTREAM_SERVICE_CLUSTER)));
        span.tag("user_agent", orDash(request.get(HeaderName.USER_AGENT)));
        Protocol protocol = info.protocol();
        span.tag("http.protocol", protocol == null ? "-" : protocol.text());
        span.tag("peer.address", peer(info.downstream().remoteAddress()));
        String client = request.get(HeaderName.X_CLIENT_TRACE_ID);
        if (client != null) {
            span.tag("guid:x-client-trace-id", client);
        }
        if (info.grpcRequest) {
            span.tag("grpc.path", request.getOr(HeaderName.PATH, ""));
            span.tag("grpc.authority", request.getOr(HeaderName.AUTHORITY, ""));
            span.tag("grpc.content_type", request.getOr(HeaderName.CONTENT_TYPE, ""));
            String timeout = request.get(HeaderName.GRPC_TIMEOUT);
            if (timeout != null) {
                span.tag("grpc.timeout", timeout);
            }
        }
    }

    private static String peer(Address address) {
        return address instanceof IpAddress ip ? ip.host() : address.toString();
    }

    private static String orDash(@Nullable String value) {
        return value == null ? "-" : value;
    }

    /** What the client asked for, with at most so many octets of its path. */
    private static String url(Headers request, long maxPath) {
        String original = request.get(HeaderName.X_ENVOY_ORIGINAL_PATH);
        String path = original != null ? original : request.getOr(HeaderName.PATH, "");
        String shown = path.length() > maxPath ? path.substring(0, (int) maxPath) : path;
        return request.getOr(HeaderName.X_FORWARDED_PROTO, "")
                + "://"
                + request.getOr(HeaderName.AUTHORITY, "")
                + shown;
    }

    private static void cluster(Span span, String name, @Nullable String alias) {
        span.tag("upstream_cluster", Octets.of(name));
        span.tag("upstream_cluster.name", Octets.of(alias == null ? name : alias));
    }

    static void attempt(Span span, AttemptFacts attempt) {
        span.tag("http.protocol", attempt.protocol());
        Address host = attempt.upstream().host;
        if (host != null) {
            String address = host.toString();
            span.tag("upstream_address", address);
            span.tag("peer.address", address);
        }
        span.tag(COMPONENT, "proxy");
        if (attempt.cluster() != null) {
            cluster(span, attempt.cluster(), attempt.clusterAlias());
        }
        span.tag("http.status_code", Integer.toString(attempt.status()));
        span.tag("response_flags", attempt.flags());
    }

    /** A server that fails, or says nothing. */
    static void error(Span span, int status) {
        if (status == 0 || status / 100 == 5) {
            span.tag(ERROR, TRUE);
        }
    }

    /** Head or trailers of a response may bring gRPC's status. */
    public static void grpcResponse(Span span, @Nullable Headers headers) {
        String status = headers == null ? null : headers.get(GRPC_STATUS);
        if (headers == null || status == null) {
            return;
        }
        span.tag("grpc.status_code", status);
        String message = headers.get(HeaderName.GRPC_MESSAGE);
        if (message != null) {
            span.tag("grpc.message", message);
        }
        switch (status) {
            case "2", "4", "12", "13", "14", "15" -> span.tag(ERROR, TRUE);
            default -> {
                // Of the client's making.
            }
        }
    }

    /** When what came and went. */
    static void times(
            Span span, StreamTrace trace, StreamInfo info, @Nullable UpstreamInfo upstream) {
        event(span, trace, info.lastDownstreamRxNanos, "last_downstream_rx_byte_received");
        if (upstream != null) {
            event(span, trace, upstream.firstTxNanos, "first_upstream_tx_byte_sent");
            event(span, trace, upstream.lastTxNanos, "last_upstream_tx_byte_sent");
            event(span, trace, upstream.firstRxNanos, "first_upstream_rx_byte_received");
            event(span, trace, upstream.lastRxNanos, "last_upstream_rx_byte_received");
        }
        event(span, trace, info.firstDownstreamTxNanos, "first_downstream_tx_byte_sent");
        event(span, trace, info.lastDownstreamTxNanos, "last_downstream_tx_byte_sent");
    }

    private static void event(Span span, StreamTrace trace, long nanos, String name) {
        if (nanos >= 0) {
            span.event(trace.epochNanos(nanos), name);
        }
    }
}
