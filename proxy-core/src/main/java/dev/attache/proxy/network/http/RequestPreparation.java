package dev.attache.proxy.network.http;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.LocalAddressOfHost;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.AuthorityPort;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.StripPort;
import dev.attache.proxy.network.http.request.ClientAddress;
import dev.attache.proxy.network.http.request.ClientAddressDetection;
import dev.attache.proxy.network.http.request.ClientAddressDetection.Detected;
import dev.attache.proxy.network.http.request.ClientCertificateHeader;
import dev.attache.proxy.network.http.request.RequestIdHeader;
import dev.attache.proxy.route.HeaderEdit;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the connection manager does to request headers before routing, in Envoy's order ({@code
 * ConnectionManagerUtility::mutateRequestHeaders}). One per worker and chain; loop-confined.
 *
 * <p>Longer than files here should be: its steps and their order are those of one function of
 * Envoy's.
 */
final class RequestPreparation {

    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");
    private static final AsciiString TRUE = AsciiString.cached("true");
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");

    /** Removed from requests that are not internal. */
    private static final List<HeaderName> INTERNAL_ONLY =
            List.of(
                    HeaderName.X_ENVOY_RETRIABLE_STATUS_CODES,
                    HeaderName.X_ENVOY_RETRIABLE_HEADER_NAMES,
                    HeaderName.X_ENVOY_RETRY_ON,
                    HeaderName.X_ENVOY_RETRY_GRPC_ON,
                    HeaderName.X_ENVOY_MAX_RETRIES,
                    HeaderName.X_ENVOY_UPSTREAM_ALT_STAT_NAME,
                    HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_MS,
                    HeaderName.X_ENVOY_UPSTREAM_RQ_PER_TRY_TIMEOUT_MS,
                    HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_ALT_RESPONSE,
                    HeaderName.X_ENVOY_UPSTREAM_STREAM_DURATION_MS,
                    HeaderName.X_ENVOY_EXPECTED_RQ_TIMEOUT_MS,
                    HeaderName.X_ENVOY_FORCE_TRACE,
                    HeaderName.X_ENVOY_IP_TAGS,
                    HeaderName.X_ENVOY_ORIGINAL_URL,
                    HeaderName.X_ENVOY_HEDGE_ON_PER_TRY_TIMEOUT);

    /** Removed at the edge besides. */
    private static final List<HeaderName> EDGE_ONLY =
            List.of(
                    HeaderName.X_ENVOY_DECORATOR_OPERATION,
                    HeaderName.X_ENVOY_DOWNSTREAM_SERVICE_CLUSTER,
                    HeaderName.X_ENVOY_DOWNSTREAM_SERVICE_NODE,
                    HeaderName.X_ENVOY_ORIGINAL_PATH,
                    HeaderName.X_ENVOY_ORIGINAL_HOST);

    private final HttpConnectionManagerSpec spec;
    private final RequestIdHeader requestIds;
    private final String nodeCluster;
    private final String nodeId;

    RequestPreparation(
            HttpConnectionManagerSpec spec,
            WorkerContext worker,
            String nodeCluster,
            String nodeId) {
        this.spec = spec;
        this.requestIds = new RequestIdHeader(worker);
        this.nodeCluster = nodeCluster;
        this.nodeId = nodeId;
    }

    /** Strips what the configuration wants stripped from {@code :authority}. */
    void normalizeHost(Headers request, ConnectionInfo connection) {
        if (!spec.stripTrailingHostDot() && spec.stripPort() == StripPort.NONE) {
            return;
        }
        int i = request.indexOf(HeaderName.AUTHORITY);
        if (i < 0) {
            return;
        }
        String original = request.value(i);
        String host = spec.stripTrailingHostDot() ? withoutTrailingDot(original) : original;
        host = stripPort(host, connection);
        if (!host.equals(original)) {
            request.setValue(i, host);
        }
    }

    /** The dot at the end, or before what may be a port. */
    private static String withoutTrailingDot(String host) {
        int dot = host.lastIndexOf('.');
        boolean ends = dot >= 0 && (dot == host.length() - 1 || host.charAt(dot + 1) == ':');
        return ends ? host.substring(0, dot) + host.substring(dot + 1) : host;
    }

    private String stripPort(String host, ConnectionInfo connection) {
        int colon = spec.stripPort() == StripPort.NONE ? -1 : AuthorityPort.colon(host);
        if (colon < 0) {
            return host;
        }
        long port = AuthorityPort.number(host, colon);
        if (port < 0) {
            return host;
        }
        if (spec.stripPort() == StripPort.MATCHING) {
            int local = connection.localAddress() instanceof IpAddress ip ? ip.port() : -1;
            if (port != local) {
                return host;
            }
        }
        return host.substring(0, colon);
    }

    /** {@code early_header_mutation_extensions}, before everything else sees the headers. */
    void editEarly(Headers request, StreamInfo info) {
        if (!spec.earlyEdits().isEmpty()) {
            HeaderEdit.apply(spec.earlyEdits(), request, FormatContext.of(info, request));
        }
    }

    /**
     * @return 0, or the status with which an IP detection extension refuses the request
     */
    int prepare(Headers request, StreamInfo info, @Nullable RouteTable routes, boolean upgrade) {
        ConnectionInfo connection = info.downstream();
        sanitizeHopByHop(request, upgrade);
        sanitizeReferer(request);
        boolean secure = spec.clientAddress().forwardProto().isHttps(connection);
        ClientAddress options = spec.clientAddress();
        Address peer = connection.remoteAddress();
        Detected client =
                options.useRemoteAddress()
                        ? useRemoteAddress(options, request, peer, secure, connection)
                        : trustHeaders(options, request, peer, secure, connection);
        if (client.rejectStatus() != 0) {
            return client.rejectStatus();
        }
        Address address = client.address() != null ? client.address() : peer;
        info.downstreamRemoteAddress(address);
        scheme(request, secure);
        boolean internal = client.single() && ClientAddressDetection.isInternal(options, address);
        boolean edge = !internal && options.useRemoteAddress();
        info.internalRequest = internal;
        markInternal(request, internal, edge, routes);
        identity(request, options);
        if (edge && address instanceof IpAddress ip) {
            request.set(HeaderName.X_ENVOY_EXTERNAL_ADDRESS, ip.host());
        }
        requestIds.apply(spec.requestIds(), request, edge);
        ClientCertificateHeader.apply(spec.forwardClientCert(), request, info);
        return 0;
    }

    /** RFC 9110 section 10.1.4: of what the client would take, only trailers may be passed on. */
    private static void sanitizeTe(Headers request) {
        int te = request.indexOf(HeaderName.TE);
        if (te < 0 || request.valueLength(te) == 0 || request.valueEquals(te, TRAILERS)) {
            return;
        }
        for (String coding : request.value(te).split(",", -1)) {
            if (TRAILERS.contentEquals(coding.strip())) {
                request.set(HeaderName.TE, TRAILERS);
                return;
            }
        }
        request.remove(HeaderName.TE);
    }

    private static void sanitizeHopByHop(Headers request, boolean upgrade) {
        if (!upgrade) {
            request.remove(HeaderName.CONNECTION);
            request.remove(HeaderName.UPGRADE);
        }
        sanitizeTe(request);
        request.remove(HeaderName.X_ENVOY_INTERNAL);
        request.remove(HeaderName.KEEP_ALIVE);
        request.remove(HeaderName.PROXY_CONNECTION);
        request.remove(HeaderName.TRANSFER_ENCODING);
    }

    private static void sanitizeReferer(Headers request) {
        String referer = request.get(HeaderName.REFERER);
        if (referer == null) {
            return;
        }
        if (!isReferer(referer)) {
            request.remove(HeaderName.REFERER);
        }
    }

    /** RFC 9110 section 10.1.3: a URL without user information or fragment, or a relative one. */
    private static boolean isReferer(String value) {
        int mark = value.indexOf("://");
        boolean absolute = mark > 0 && value.length() > mark + 3 && value.charAt(mark + 3) != '/';
        int slash = value.indexOf('/', absolute ? mark + 3 : 0);
        String first = value.substring(absolute ? mark + 3 : 0, slash < 0 ? value.length() : slash);
        if (first.indexOf(absolute ? '@' : ':') >= 0) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c > '~' || "\"#<>\\^`{|}".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    private Detected useRemoteAddress(
            ClientAddress options,
            Headers request,
            Address peer,
            boolean secure,
            ConnectionInfo connection) {
        boolean first = !request.contains(HeaderName.X_FORWARDED_FOR);
        int hops = options.xffNumTrustedHops();
        Address address =
                hops > 0 ? ClientAddressDetection.fromXff(request, hops - 1).address() : null;
        if (address == null) {
            address = peer;
        }
        if (!options.skipXffAppend()) {
            appendXff(request, peer);
        }
        if (hops == 0 || !request.contains(HeaderName.X_FORWARDED_PROTO)) {
            request.set(HeaderName.X_FORWARDED_PROTO, secure ? HTTPS : HTTP);
        }
        if (spec.appendXForwardedPort()
                && (hops == 0 || !request.contains(HeaderName.X_FORWARDED_PORT))) {
            forwardedPort(request, connection);
        }
        return new Detected(address, first, 0);
    }

    private Detected trustHeaders(
            ClientAddress options,
            Headers request,
            Address peer,
            boolean secure,
            ConnectionInfo connection) {
        Detected detected = ClientAddressDetection.detect(options, request, peer);
        if (detected.rejectStatus() != 0) {
            // Refused as it came: without its scheme no route is found, as in Envoy.
            return detected;
        }
        if (detected.append()) {
            appendXff(request, peer);
        }
        if (!request.contains(HeaderName.X_FORWARDED_PROTO)) {
            request.add(HeaderName.X_FORWARDED_PROTO, secure ? HTTPS : HTTP);
        }
        if (spec.appendXForwardedPort() && !request.contains(HeaderName.X_FORWARDED_PORT)) {
            forwardedPort(request, connection);
        }
        return detected;
    }

    private static void appendXff(Headers request, Address peer) {
        if (!(peer instanceof IpAddress ip)) {
            return;
        }
        IpAddress shown = ip.ip().isLoopbackAddress() ? LocalAddressOfHost.V4 : ip;
        request.appendJoined(HeaderName.X_FORWARDED_FOR, shown.host(), ",");
    }

    private static void forwardedPort(Headers request, ConnectionInfo connection) {
        if (connection.localAddress() instanceof IpAddress ip) {
            request.set(HeaderName.X_FORWARDED_PORT, ip.port());
        }
    }

    private void scheme(Headers request, boolean secure) {
        if (spec.schemeOverwrite() != null) {
            request.set(HeaderName.SCHEME, spec.schemeOverwrite());
            request.set(HeaderName.X_FORWARDED_PROTO, spec.schemeOverwrite());
            return;
        }
        int i = request.indexOf(HeaderName.SCHEME);
        if (i >= 0) {
            inLowerCase(request, i);
        } else {
            String proto = request.getOr(HeaderName.X_FORWARDED_PROTO, "");
            boolean https = "https".equalsIgnoreCase(proto);
            boolean known = https || "http".equalsIgnoreCase(proto);
            request.add(HeaderName.SCHEME, (known ? https : secure) ? HTTPS : HTTP);
        }
    }

    /** RFC 3986 section 3.1: schemes have no case. Others than ours stay as they are. */
    private static void inLowerCase(Headers request, int scheme) {
        if (request.valueEquals(scheme, HTTP) || request.valueEquals(scheme, HTTPS)) {
            return;
        }
        if (request.valueEqualsIgnoreCase(scheme, "http")) {
            request.setValue(scheme, "http");
        } else if (request.valueEqualsIgnoreCase(scheme, "https")) {
            request.setValue(scheme, "https");
        }
    }

    private static void markInternal(
            Headers request, boolean internal, boolean edge, @Nullable RouteTable routes) {
        if (internal) {
            request.set(HeaderName.X_ENVOY_INTERNAL, TRUE);
            return;
        }
        if (edge) {
            EDGE_ONLY.forEach(request::remove);
        }
        for (int i = 0; i < INTERNAL_ONLY.size(); i++) {
            request.remove(INTERNAL_ONLY.get(i));
        }
        if (routes != null) {
            List<HeaderName> configured = routes.spec().internalOnlyHeaders();
            for (int i = 0; i < configured.size(); i++) {
                request.remove(configured.get(i));
            }
        }
    }

    private void identity(Headers request, ClientAddress options) {
        if (options.addUserAgent()) {
            request.set(HeaderName.X_ENVOY_DOWNSTREAM_SERVICE_CLUSTER, nodeCluster);
            if (request.getOr(HeaderName.USER_AGENT, "").isEmpty()) {
                request.set(HeaderName.USER_AGENT, nodeCluster);
            }
            if (!nodeId.isEmpty()) {
                request.set(HeaderName.X_ENVOY_DOWNSTREAM_SERVICE_NODE, nodeId);
            }
        }
        if (!spec.identity().via().isEmpty()) {
            request.appendJoined(HeaderName.VIA, spec.identity().via(), ", ");
        }
    }
}
