package dev.attache.proxy.stream;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.metadata.DynamicMetadata;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * One request or TCP session as access logs see it (Envoy's {@code StreamInfo}). Owned by its
 * stream; loop-confined; read for the last time when the access log is written.
 */
public final class StreamInfo {
    /** The details of a response that is no local reply. */
    public static final String VIA_UPSTREAM = "via_upstream";

    private final ConnectionInfo downstream;
    private final long startTimeMillis;
    private final long startNanos;
    private final FilterState filterState;
    private final DynamicMetadata dynamicMetadata = new DynamicMetadata();
    private @Nullable Address downstreamRemoteAddress;
    private @Nullable Protocol protocol;
    private int responseCode;
    private @Nullable String responseCodeDetails;
    private long flagSet;
    private ResponseFlag @Nullable [] flagOrder;
    private int flagCount;
    private @Nullable UpstreamInfo upstream;

    // What follows is written by one owner each and only read here: plain fields.
    public long bytesReceived;
    public long bytesSent;
    public long downstreamWireBytesReceived;
    public long downstreamWireBytesSent;
    public long downstreamHeaderBytesReceived;
    public long downstreamHeaderBytesSent;
    public long lastDownstreamRxNanos = -1;
    public long firstDownstreamTxNanos = -1;
    public long lastDownstreamTxNanos = -1;
    public long endNanos = -1;
    public int attemptCount;

    /** Who the first attempt is for, where a filter has said so. */
    public @Nullable OverrideHost overrideHost;

    /** How often a route was looked up, {@code %ROUTE_RESOLUTION_COUNT%}. */
    public int routeResolutions;

    public String routeName = "";
    public String virtualHostName = "";

    /** A route was found, named or not. */
    public boolean routed;

    public String virtualClusterName = "";
    public Metadata routeMetadata = Metadata.EMPTY;
    public Metadata virtualHostMetadata = Metadata.EMPTY;
    public @Nullable String clusterName;

    /** alt_stat_name where configured. */
    public @Nullable String clusterObservabilityName;

    public Metadata clusterMetadata = Metadata.EMPTY;

    /** Set with {@link #clusterName}, once the cluster is known. */
    public @Nullable ClusterView cluster;

    public Metadata listenerMetadata = Metadata.EMPTY;
    public Metadata filterChainMetadata = Metadata.EMPTY;

    /** The listener's {@code traffic_direction} by its number. */
    public int listenerDirection;

    public String streamId = "";

    /** It has an identifier of its own, which is made when it is first asked for. */
    public boolean identified;

    public boolean healthCheck;
    public boolean internalRequest;

    /** The client asked in gRPC; stays so where a route takes the content type away. */
    public boolean grpcRequest;

    /** {@code scheme_header_transformation.match_upstream}. */
    public boolean schemeMatchesUpstream;

    /** Whether the request is traced. */
    public boolean traced;

    /** The client's connection ends with this stream, as a filter wants. */
    public boolean drainConnection;

    /**
     * Of its span, in hexadecimal digits, whether that is sent or not; null where there is none.
     */
    public @Nullable String traceId;

    /** As {@link #traceId}. */
    public @Nullable String spanId;

    /** How many internal redirects led to this stream. */
    public int internalRedirects;

    /** From which route to which internal redirects have led, for their predicate; null = none. */
    public java.util.@Nullable Set<String> redirectedRoutes;

    /** The stream's random value: routing, runtime fractions, weighted clusters. */
    public long random;

    /**
     * @param startTimeMillis wall clock
     * @param startNanos monotonic
     */
    public StreamInfo(ConnectionInfo downstream, long startTimeMillis, long startNanos) {
        this.downstream = downstream;
        this.startTimeMillis = startTimeMillis;
        this.startNanos = startNanos;
        this.filterState = new FilterState(downstream.filterState());
    }

    public ConnectionInfo downstream() {
        return downstream;
    }

    /**
     * The trusted client: what the connection manager concluded from {@code x-forwarded-for}, or
     * the connection's peer.
     */
    public Address downstreamRemoteAddress() {
        return downstreamRemoteAddress != null
                ? downstreamRemoteAddress
                : downstream.remoteAddress();
    }

    public void downstreamRemoteAddress(Address address) {
        this.downstreamRemoteAddress = address;
    }

    /** Takes over what an internal redirect hands on from the stream before. */
    public void follow(StreamInfo before) {
        bytesReceived = before.bytesReceived;
        internalRequest = before.internalRequest;
        internalRedirects = before.internalRedirects;
        redirectedRoutes = before.redirectedRoutes;
        downstreamRemoteAddress = before.downstreamRemoteAddress();
    }

    public long startTimeMillis() {
        return startTimeMillis;
    }

    public long startNanos() {
        return startNanos;
    }

    public FilterState filterState() {
        return filterState;
    }

    public DynamicMetadata dynamicMetadata() {
        return dynamicMetadata;
    }

    public @Nullable Protocol protocol() {
        return protocol;
    }

    public void protocol(Protocol value) {
        this.protocol = value;
    }

    /** 0 = none was sent. */
    public int responseCode() {
        return responseCode;
    }

    public void responseCode(int code) {
        this.responseCode = code;
    }

    public @Nullable String responseCodeDetails() {
        return responseCodeDetails;
    }

    public void responseCodeDetails(String details) {
        this.responseCodeDetails = details;
    }

    public void flag(ResponseFlag flag) {
        long bit = 1L << flag.ordinal();
        if ((flagSet & bit) != 0) {
            return;
        }
        flagSet |= bit;
        if (flagOrder == null) {
            flagOrder = new ResponseFlag[4];
        } else if (flagCount == flagOrder.length) {
            flagOrder = java.util.Arrays.copyOf(flagOrder, flagCount * 2);
        }
        flagOrder[flagCount++] = flag;
    }

    public boolean hasFlag(ResponseFlag flag) {
        return (flagSet & (1L << flag.ordinal())) != 0;
    }

    public boolean hasAnyFlag() {
        return flagSet != 0;
    }

    /** One bit for each flag, the first flag being the lowest, as Envoy numbers them. */
    public long flagBits() {
        return flagSet;
    }

    /** In the order they were set, comma-separated, or {@code -}. */
    public String flags(boolean longNames) {
        if (flagOrder == null) {
            return "-";
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < flagCount; i++) {
            if (i > 0) {
                out.append(',');
            }
            out.append(longNames ? flagOrder[i].longName() : flagOrder[i].name());
        }
        return out.toString();
    }

    public @Nullable UpstreamInfo upstream() {
        return upstream;
    }

    /** Who makes its attempts keeps what is known of them. */
    public void upstream(UpstreamInfo kept) {
        upstream = kept;
    }

    /** Creates it on first use. */
    public UpstreamInfo upstreamForWriting() {
        UpstreamInfo known = upstream;
        if (known == null) {
            known = new UpstreamInfo();
            upstream = known;
        }
        return known;
    }

    /** Takes over what the codec has counted of the downstream stream. */
    public void countDownstream(HttpStream stream) {
        downstreamWireBytesReceived = stream.wireBytesReceived();
        downstreamWireBytesSent = stream.wireBytesSent();
        downstreamHeaderBytesReceived = stream.headerBytesReceived();
        downstreamHeaderBytesSent = stream.headerBytesSent();
    }
}
