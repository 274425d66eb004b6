package dev.attache.proxy.stream;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.DetectedClose;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The upstream side of one stream as far as it came. Plain fields: one writer, many readers. */
public final class UpstreamInfo {
    /** Address of the host that was connected to, or failed to be; unset while that is open. */
    public @Nullable Address host;

    public String hostname = "";
    public @Nullable Address localAddress;
    public @Nullable Address remoteAddress;
    public long connectionId = -1;

    /** {@code HTTP/1.1} …, or null for TCP and before a connection. */
    public @Nullable String protocol;

    public @Nullable TlsInfo tls;
    public @Nullable String transportFailureReason;
    public Metadata hostMetadata = Metadata.EMPTY;
    public @Nullable FilterState filterState;

    // Of the host's locality, empty where unset.
    public String region = "";
    public String zone = "";
    public String subZone = "";

    // Most streams try one host on one connection, so only what comes after that has lists.
    private @Nullable Address firstHost;
    private String firstHostname = "";
    private @Nullable List<Attempt> moreHosts;
    private long firstConnection = -1;
    private @Nullable List<Long> moreConnections;

    public DetectedClose detectedClose = DetectedClose.NORMAL;
    public @Nullable String localCloseReason;

    /** SNI sent to the host. */
    public @Nullable String serverName;

    /**
     * Another attempt at an HTTP request begins: of the one before it only what was counted
     * remains. What is listed begins anew, too, as in Envoy: the lists are of connections that fail
     * within one attempt.
     */
    public void beginAttempt() {
        firstHost = null;
        firstHostname = "";
        moreHosts = null;
        firstConnection = -1;
        moreConnections = null;
        host = null;
        hostname = "";
        hostMetadata = Metadata.EMPTY;
        region = "";
        zone = "";
        subZone = "";
        detectedClose = DetectedClose.NORMAL;
        localCloseReason = null;
        serverName = null;
        localAddress = null;
        remoteAddress = null;
        connectionId = -1;
        protocol = null;
        tls = null;
        transportFailureReason = null;
        filterState = null;
        connectStartNanos = -1;
        connectDoneNanos = -1;
        handshakeDoneNanos = -1;
        poolReadyNanos = -1;
        firstTxNanos = -1;
        lastTxNanos = -1;
        firstRxNanos = -1;
        firstBodyRxNanos = -1;
        lastRxNanos = -1;
    }

    /**
     * A host that was tried.
     *
     * @param hostname of the endpoint, may be empty
     */
    public record Attempt(Address address, String hostname) {}

    /** Notes that a host was tried. */
    public void attempted(Address address, String hostname) {
        if (firstHost == null) {
            firstHost = address;
            firstHostname = hostname;
        } else if (!firstHost.equals(address) || !firstHostname.equals(hostname)) {
            moreHosts = with(moreHosts, new Attempt(address, hostname));
        }
    }

    /** Hosts tried so far in this attempt, first to last, each once. */
    public List<Attempt> attempted() {
        return firstHost == null
                ? List.of()
                : all(new Attempt(firstHost, firstHostname), moreHosts);
    }

    /** Ids of the connections of this attempt, first to last, each once. */
    public List<Long> connectionsAttempted() {
        return firstConnection < 0 ? List.of() : all(firstConnection, moreConnections);
    }

    private static <T> List<T> with(@Nullable List<T> list, T one) {
        List<T> to = list == null ? new ArrayList<>(2) : list;
        if (!to.contains(one)) {
            to.add(one);
        }
        return to;
    }

    private static <T> List<T> all(T first, @Nullable List<T> more) {
        List<T> all = new ArrayList<>();
        all.add(first);
        if (more != null) {
            all.addAll(more);
        }
        return all;
    }

    /**
     * Takes over what is known of the connection that carries the attempt.
     *
     * @param now monotonic nanoseconds
     */
    public void connected(ConnectionInfo connection, long now) {
        localAddress = connection.localAddress();
        remoteAddress = connection.remoteAddress();
        connection(connection.id());
        if (host != null) {
            attempted(host, hostname);
        }
        tls = connection.tls();
        filterState = connection.filterState();
        poolReadyNanos = now;
        connectStartNanos = connection.startNanos();
        connectDoneNanos = connection.connectedNanos();
        handshakeDoneNanos = connection.handshakeNanos();
    }

    /** Notes the connection that carries the attempt. */
    public void connection(long id) {
        connectionId = id;
        if (firstConnection < 0) {
            firstConnection = id;
        } else if (firstConnection != id) {
            moreConnections = with(moreConnections, id);
        }
    }

    // Monotonic nanoseconds, -1 = not yet.
    public long connectStartNanos = -1;
    public long connectDoneNanos = -1;
    public long handshakeDoneNanos = -1;
    public long poolReadyNanos = -1;
    public long firstTxNanos = -1;
    public long lastTxNanos = -1;
    public long firstRxNanos = -1;
    public long firstBodyRxNanos = -1;
    public long lastRxNanos = -1;

    public long wireBytesSent;
    public long wireBytesReceived;
    public long headerBytesSent;
    public long headerBytesReceived;
}
