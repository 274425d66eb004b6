package dev.attache.proxy.stream;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.DetectedClose;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.tls.TlsInfo;
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

    /** {@code region/zone/sub_zone}. */
    public String locality = "";

    /** Hosts tried so far, first to last, each once. */
    public final List<Attempt> attempted = new ArrayList<>(1);

    /** Ids of the connections that carried an attempt, first to last, each once. */
    public final List<Long> connectionsAttempted = new ArrayList<>(1);

    public DetectedClose detectedClose = DetectedClose.NORMAL;
    public @Nullable String localCloseReason;

    /** SNI sent to the host. */
    public @Nullable String serverName;

    /** Another attempt begins: of the one before it only what was counted and listed remains. */
    public void beginAttempt() {
        host = null;
        hostname = "";
        hostMetadata = Metadata.EMPTY;
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
        Attempt attempt = new Attempt(address, hostname);
        if (!attempted.contains(attempt)) {
            attempted.add(attempt);
        }
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
        if (!connectionsAttempted.contains(id)) {
            connectionsAttempted.add(id);
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
