package dev.attache.proxy.connection;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.metadata.DynamicMetadata;
import dev.attache.proxy.metadata.FilterState;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one connection: filled in by the acceptor or dialer, then by listener filters
 * and the transport socket; read by matching, access logs and filters. Loop-confined.
 */
public final class ConnectionInfo {

    private static final AtomicLong IDS = new AtomicLong();
    private static final InetAddress LOOPBACK_V4 = IpAddress.parse("127.0.0.1", 0).ip();
    private static final InetAddress LOOPBACK_V6 = IpAddress.parse("::1", 0).ip();

    private final long id;
    private final long startTimeMillis;
    private final long startNanos;
    private final Address directRemoteAddress;
    private final Address directLocalAddress;
    private Address remoteAddress;
    private Address localAddress;
    private boolean localAddressRestored;
    private boolean redirected;
    private boolean toldUpstream = true;
    private int preambleBytes;
    private RedirectGuard.@Nullable Pass pass;
    private int internalHops;
    private @Nullable String requestedServerName;
    private List<String> requestedApplicationProtocols = List.of();
    private HelloFingerprints helloFingerprints = HelloFingerprints.NONE;
    private String detectedTransportProtocol = "";
    private boolean secured;
    private @Nullable String tlsVersionSoFar;
    private @Nullable TlsInfo tls;
    private long connectedNanos = -1;
    private long handshakeNanos = -1;
    private String filterChainName = "";
    private String listenerName = "";
    private @Nullable String transportFailureReason;
    private @Nullable String terminationDetails;
    private DetectedClose detectedClose = DetectedClose.NORMAL;
    private @Nullable String localCloseReason;
    private final FilterState filterState;
    private final DynamicMetadata dynamicMetadata = new DynamicMetadata();

    public ConnectionInfo(
            long id, long startTimeMillis, long startNanos, Address local, Address remote) {
        this.id = id;
        this.startTimeMillis = startTimeMillis;
        this.startNanos = startNanos;
        this.directLocalAddress = local;
        this.directRemoteAddress = remote;
        this.localAddress = local;
        this.remoteAddress = remote;
        this.filterState = new FilterState(null);
    }

    /** A new id; global, one atomic add per connection. */
    public static long nextId() {
        return IDS.getAndIncrement();
    }

    /** Unique in the process, {@code %CONNECTION_ID%}. */
    public long id() {
        return id;
    }

    public long startTimeMillis() {
        return startTimeMillis;
    }

    public long startNanos() {
        return startNanos;
    }

    /** The socket's own peer. */
    public Address directRemoteAddress() {
        return directRemoteAddress;
    }

    public Address directLocalAddress() {
        return directLocalAddress;
    }

    /** The peer as PROXY protocol or another listener filter told it. */
    public Address remoteAddress() {
        return remoteAddress;
    }

    public void remoteAddress(Address address) {
        this.remoteAddress = address;
    }

    /** The address that the client dialled: the socket's own, or the restored original. */
    public Address localAddress() {
        return localAddress;
    }

    /**
     * Whether a client is of this host: same IP on both ends, or 127.0.0.1 or ::1 at the other
     * (Envoy knows no other loopback address); whatever is not IP is.
     *
     * @param client {@link #remoteAddress}, or whom a request says it comes from
     */
    public boolean isLocal(Address client) {
        if (!(client instanceof IpAddress remote)) {
            return true;
        }
        return remote.ip().equals(LOOPBACK_V4)
                || remote.ip().equals(LOOPBACK_V6)
                || (localAddress instanceof IpAddress local && local.ip().equals(remote.ip()));
    }

    /**
     * Whether upstreams that are told of a client are told of this one; otherwise the proxy speaks
     * for itself there. Beside {@code add_proxy_protocol_connection_state} what a PROXY header has
     * said is always told.
     */
    public boolean toldUpstream() {
        return toldUpstream;
    }

    /** Says so, before the first request. */
    public void toldUpstream(boolean told) {
        this.toldUpstream = told;
    }

    public boolean localAddressRestored() {
        return localAddressRestored;
    }

    /** Sets the original destination (SO_ORIGINAL_DST, PROXY protocol, internal listener). */
    public void restoreLocalAddress(Address address) {
        this.localAddress = address;
        this.localAddressRestored = true;
    }

    /** Interception brought the connection here on its way to {@code original}. */
    public void redirectedFrom(Address original) {
        restoreLocalAddress(original);
        this.redirected = true;
    }

    /** Whether interception brought it, so that it may be the proxy's own. */
    public boolean redirected() {
        return redirected;
    }

    /** The guard's leave to serve a redirected connection; null on all others. */
    public RedirectGuard.@Nullable Pass pass() {
        return pass;
    }

    public void pass(RedirectGuard.Pass leave) {
        this.pass = leave;
    }

    /** How many internal listeners it has come through; 0 = it came from outside. */
    public int internalHops() {
        return internalHops;
    }

    public void internalHops(int hops) {
        this.internalHops = hops;
    }

    /** Lower-case SNI, or null. */
    public @Nullable String requestedServerName() {
        return requestedServerName;
    }

    public void requestedServerName(@Nullable String name) {
        this.requestedServerName = name;
    }

    public HelloFingerprints helloFingerprints() {
        return helloFingerprints;
    }

    public void helloFingerprints(HelloFingerprints fingerprints) {
        this.helloFingerprints = fingerprints;
    }

    /** ALPN of the ClientHello, or what http_inspector found. */
    public List<String> requestedApplicationProtocols() {
        return requestedApplicationProtocols;
    }

    public void requestedApplicationProtocols(List<String> protocols) {
        this.requestedApplicationProtocols = List.copyOf(protocols);
    }

    /** {@code tls}, {@code raw_buffer}, or empty while no listener filter has said. */
    public String detectedTransportProtocol() {
        return detectedTransportProtocol;
    }

    public void detectedTransportProtocol(String protocol) {
        this.detectedTransportProtocol = protocol;
    }

    /** Whether an accepted connection has TLS, be the handshake finished or not. */
    public boolean secured() {
        return secured;
    }

    public void secured(boolean tlsIsUsed) {
        this.secured = tlsIsUsed;
    }

    /** Null on plain connections and before the handshake is finished. */
    public @Nullable TlsInfo tls() {
        return tls;
    }

    public void tls(TlsInfo info, long finishedNanos) {
        this.tls = info;
        this.handshakeNanos = finishedNanos;
    }

    /** The version that a handshake under way has come to, or null; see {@link #tls()}. */
    public @Nullable String tlsVersionSoFar() {
        return tlsVersionSoFar;
    }

    public void tlsVersionSoFar(String version) {
        this.tlsVersionSoFar = version;
    }

    /** A connection that we opened is there. */
    public void connected(long nanos) {
        connectedNanos = nanos;
    }

    /** What a transport socket has sent by itself before any data, in bytes. */
    public int preambleBytes() {
        return preambleBytes;
    }

    public void preambleBytes(int bytes) {
        this.preambleBytes = bytes;
    }

    /** When a connection that we opened was there (same clock as {@link #startNanos()}), or -1. */
    public long connectedNanos() {
        return connectedNanos;
    }

    /** When the TLS handshake finished (same clock as {@link #startNanos()}), or -1. */
    public long handshakeNanos() {
        return handshakeNanos;
    }

    public String filterChainName() {
        return filterChainName;
    }

    public void filterChainName(String name) {
        this.filterChainName = name;
    }

    public String listenerName() {
        return listenerName;
    }

    public void listenerName(String name) {
        this.listenerName = name;
    }

    /** Envoy's {@code %*_TRANSPORT_FAILURE_REASON%}, e.g. {@code TLS_error:|...}. */
    public @Nullable String transportFailureReason() {
        return transportFailureReason;
    }

    public void transportFailureReason(String reason) {
        this.transportFailureReason = reason;
    }

    /** {@code %CONNECTION_TERMINATION_DETAILS%}: why the proxy itself closed it, or null. */
    public @Nullable String terminationDetails() {
        return terminationDetails;
    }

    public void terminationDetails(String details) {
        this.terminationDetails = details;
    }

    /** How it ended as far as the socket told. */
    public DetectedClose detectedClose() {
        return detectedClose;
    }

    public void detectedClose(DetectedClose how) {
        this.detectedClose = how;
    }

    /** {@code %DOWNSTREAM_LOCAL_CLOSE_REASON%}: why this side closed, or null. The first counts. */
    public @Nullable String localCloseReason() {
        return localCloseReason;
    }

    public void localCloseReason(@Nullable String reason) {
        if (localCloseReason == null) {
            this.localCloseReason = reason;
        }
    }

    public FilterState filterState() {
        return filterState;
    }

    public DynamicMetadata dynamicMetadata() {
        return dynamicMetadata;
    }
}
