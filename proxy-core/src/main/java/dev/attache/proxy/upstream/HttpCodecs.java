package dev.attache.proxy.upstream;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.http.ClientHttpConnection;
import dev.attache.proxy.http.CodecStats;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.h1.Http1ClientCodec;
import dev.attache.proxy.http.h2.Http2ClientCodec;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.pool.ClientCodec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import org.jspecify.annotations.Nullable;

/** Puts our client codecs on a cluster's connections. One per cluster and worker. */
final class HttpCodecs implements ClientCodec.Factory, CodecStats {

    private final UpstreamHttpSpec spec;
    private final Scope scope;
    private final int worker;
    private final @Nullable Cell[] counters = new @Nullable Cell[Counter.values().length];
    private final @Nullable Cell[] gauges = new @Nullable Cell[Gauge.values().length];

    HttpCodecs(SharedCluster cluster, int worker) {
        this.spec = cluster.spec().http();
        this.scope = cluster.scope();
        this.worker = worker;
    }

    @Override
    public ClientCodec open(
            Protocol protocol, Connection connection, ClientHttpConnection.Listener listener) {
        if (protocol.multiplexed()) {
            Http2ClientCodec codec = new Http2ClientCodec(connection, spec.http2(), listener, this);
            return new ClientCodec(codec, codec);
        }
        Http1ClientCodec codec = new Http1ClientCodec(connection, spec.http1(), listener, this);
        return new ClientCodec(codec, codec);
    }

    @Override
    public void increment(Counter counter) {
        Cell cell = counters[counter.ordinal()];
        if (cell == null) {
            cell = scope.counter(counter.statName()).cell(worker);
            counters[counter.ordinal()] = cell;
        }
        cell.inc();
    }

    @Override
    public void add(Gauge gauge, long delta) {
        Cell cell = gauges[gauge.ordinal()];
        if (cell == null) {
            cell = scope.gauge(gauge.statName()).cell(worker);
            gauges[gauge.ordinal()] = cell;
        }
        cell.add(delta);
    }
}
