package dev.attache.proxy.upstream;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.http.ClientHttpConnection;
import dev.attache.proxy.http.CodecCells;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.h1.Http1ClientCodec;
import dev.attache.proxy.http.h2.Http2ClientCodec;
import dev.attache.proxy.upstream.pool.ClientCodec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;

/** Puts our client codecs on a cluster's connections. One per cluster and worker. */
final class HttpCodecs implements ClientCodec.Factory {

    private final UpstreamHttpSpec spec;
    private final CodecCells cells;

    HttpCodecs(SharedCluster cluster, int worker) {
        this.spec = cluster.spec().http();
        this.cells = new CodecCells(cluster.scope(), worker);
    }

    /** The codec's statistics are there as soon as somebody tries to connect. */
    @Override
    public void announce(Protocol protocol) {
        if (protocol.multiplexed()) {
            cells.forHttp2();
        } else {
            cells.forHttp1();
        }
    }

    @Override
    public ClientCodec open(
            Protocol protocol, Connection connection, ClientHttpConnection.Listener listener) {
        if (protocol.multiplexed()) {
            Http2ClientCodec codec =
                    new Http2ClientCodec(connection, spec.http2(), listener, cells.forHttp2());
            return new ClientCodec(codec, codec);
        }
        Http1ClientCodec codec =
                new Http1ClientCodec(connection, spec.http1(), listener, cells.forHttp1());
        return new ClientCodec(codec, codec);
    }
}
