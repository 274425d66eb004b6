package dev.attache.server.source;

import dev.attache.proxy.http.CodecCells;
import dev.attache.proxy.http.CodecStats;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostCells;
import dev.attache.proxy.upstream.stats.ClusterCounter;
import dev.attache.proxy.upstream.stats.ClusterGauge;
import dev.attache.proxy.upstream.stats.ClusterHistogram;
import dev.attache.proxy.upstream.stats.ClusterStats;
import dev.attache.proxy.upstream.stats.ResponseGroup;
import dev.attache.xds.stream.TransportEvents;
import org.jspecify.annotations.Nullable;

/**
 * What a stream to a control plane counts for its cluster and host, as the traffic of workers does.
 * One per transport, which has one connection at a time. Main loop only.
 */
final class ControlPlaneTraffic implements TransportEvents {

    private static final int UNAVAILABLE = 503;
    private static final int OK = 200;

    private final int worker;
    private @Nullable SharedCluster cluster;
    private @Nullable Host host;
    private @Nullable ClusterStats stats;
    private @Nullable CodecCells codec;
    private boolean connected;
    private long waiting;
    private long active;
    private long onConnection;

    /**
     * @param worker index of the cells of the main loop
     */
    ControlPlaneTraffic(int worker) {
        this.worker = worker;
    }

    /** What happens from now on is the traffic of this host. */
    void use(SharedCluster nextCluster, Host nextHost) {
        host = nextHost;
        if (cluster != nextCluster) {
            cluster = nextCluster;
            stats = new ClusterStats(nextCluster.scope(), worker);
            codec = new CodecCells(nextCluster.scope(), worker);
        }
    }

    @Override
    public void connecting() {
        inc(ClusterCounter.UPSTREAM_CX_TOTAL);
        inc(ClusterCounter.UPSTREAM_CX_HTTP2_TOTAL);
        add(ClusterGauge.UPSTREAM_CX_ACTIVE, 1);
        host(HostCells.Stat.CX_TOTAL, 1);
        host(HostCells.Stat.CX_ACTIVE, 1);
        if (codec != null) {
            codec.forHttp2().increment(CodecStats.Counter.HTTP2_NGHTTP2_UPSTREAM_CONNECTIONS);
        }
        onConnection = 0;
    }

    @Override
    public void connected(long tookMillis) {
        connected = true;
        record(ClusterHistogram.UPSTREAM_CX_CONNECT_MS, tookMillis);
        for (; waiting > 0; waiting--) {
            begin();
        }
    }

    @Override
    public void connectFailed() {
        inc(ClusterCounter.UPSTREAM_CX_CONNECT_FAIL);
        host(HostCells.Stat.CX_CONNECT_FAIL, 1);
        ended(true);
        for (; waiting > 0; waiting--) {
            inc(ClusterCounter.UPSTREAM_RQ_PENDING_FAILURE_EJECT);
            respond(UNAVAILABLE);
        }
    }

    @Override
    public void closed(boolean byPeer, long livedMillis) {
        connected = false;
        ended(byPeer);
        if (active > 0) {
            inc(ClusterCounter.UPSTREAM_CX_DESTROY_WITH_ACTIVE_RQ);
            inc(
                    byPeer
                            ? ClusterCounter.UPSTREAM_CX_DESTROY_REMOTE_WITH_ACTIVE_RQ
                            : ClusterCounter.UPSTREAM_CX_DESTROY_LOCAL_WITH_ACTIVE_RQ);
            inc(ClusterCounter.UPSTREAM_RQ_PENDING_FAILURE_EJECT);
            host(HostCells.Stat.RQ_ERROR, 1);
        }
        record(ClusterHistogram.UPSTREAM_CX_LENGTH_MS, livedMillis);
        record(ClusterHistogram.UPSTREAM_RQ_PER_CX, onConnection);
        while (active > 0) {
            streamEnded();
        }
    }

    private void ended(boolean byPeer) {
        inc(ClusterCounter.UPSTREAM_CX_DESTROY);
        inc(
                byPeer
                        ? ClusterCounter.UPSTREAM_CX_DESTROY_REMOTE
                        : ClusterCounter.UPSTREAM_CX_DESTROY_LOCAL);
        add(ClusterGauge.UPSTREAM_CX_ACTIVE, -1);
        host(HostCells.Stat.CX_ACTIVE, -1);
    }

    @Override
    public void received(long bytes) {
        if (stats != null) {
            stats.add(ClusterCounter.UPSTREAM_CX_RX_BYTES_TOTAL, bytes);
        }
    }

    @Override
    public void sent(long bytes) {
        if (stats != null) {
            stats.add(ClusterCounter.UPSTREAM_CX_TX_BYTES_TOTAL, bytes);
        }
    }

    @Override
    public void streamWanted() {
        if (cluster != null) {
            cluster.environment().stats().counter("http.async-client.rq_total").inc();
        }
        if (connected) {
            begin();
        } else {
            inc(ClusterCounter.UPSTREAM_RQ_PENDING_TOTAL);
            waiting++;
        }
    }

    private void begin() {
        active++;
        onConnection++;
        inc(ClusterCounter.UPSTREAM_RQ_TOTAL);
        add(ClusterGauge.UPSTREAM_RQ_ACTIVE, 1);
        streams(1);
        host(HostCells.Stat.RQ_TOTAL, 1);
        host(HostCells.Stat.RQ_ACTIVE, 1);
    }

    @Override
    public void streamAnswered() {
        respond(OK);
    }

    @Override
    public void streamEnded() {
        if (active > 0) {
            active--;
            add(ClusterGauge.UPSTREAM_RQ_ACTIVE, -1);
            streams(-1);
            host(HostCells.Stat.RQ_ACTIVE, -1);
        }
    }

    private void respond(int status) {
        if (stats != null) {
            stats.response(ResponseGroup.ALL, status);
            stats.response(ResponseGroup.INTERNAL, status);
        }
    }

    private void streams(int delta) {
        if (codec != null) {
            codec.add(CodecStats.Gauge.HTTP2_STREAMS_ACTIVE, delta);
        }
    }

    private void inc(ClusterCounter counter) {
        if (stats != null) {
            stats.inc(counter);
        }
    }

    private void add(ClusterGauge gauge, long delta) {
        if (stats != null) {
            stats.add(gauge, delta);
        }
    }

    private void record(ClusterHistogram histogram, long value) {
        if (stats != null) {
            stats.record(histogram, value);
        }
    }

    private void host(HostCells.Stat stat, int delta) {
        if (host != null) {
            HostCells cells = host.cells(worker);
            if (delta > 0) {
                cells.inc(stat);
            } else {
                cells.dec(stat);
            }
        }
    }
}
