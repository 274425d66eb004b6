package dev.attache.proxy.listener.filter;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.listener.ListenerFilter;
import dev.attache.proxy.listener.ListenerFilterSpec;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.HistogramCell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;

/**
 * {@code envoy.filters.listener.tls_inspector}: tells TLS from anything else, and from a
 * ClientHello the server name and the ALPN list. What is not TLS stays for the filters behind.
 */
public record TlsInspectorSpec() implements ListenerFilterSpec {

    @Override
    public Factory open(WorkerContext worker, StatsStore stats) {
        Stats cells = new Stats(stats.scope("tls_inspector."), worker.index());
        Filter shared = new Filter(cells);
        return () -> shared;
    }

    private static final class Stats {
        final Cell clientHelloTooLarge;
        final Cell tlsFound;
        final Cell tlsNotFound;
        final Cell alpnFound;
        final Cell alpnNotFound;
        final Cell sniFound;
        final Cell sniNotFound;
        final HistogramCell bytesProcessed;

        Stats(Scope scope, int worker) {
            clientHelloTooLarge = scope.counter("client_hello_too_large").cell(worker);
            tlsFound = scope.counter("tls_found").cell(worker);
            tlsNotFound = scope.counter("tls_not_found").cell(worker);
            alpnFound = scope.counter("alpn_found").cell(worker);
            alpnNotFound = scope.counter("alpn_not_found").cell(worker);
            sniFound = scope.counter("sni_found").cell(worker);
            sniNotFound = scope.counter("sni_not_found").cell(worker);
            bytesProcessed = scope.histogram("bytes_processed", Histogram.Unit.BYTES).cell(worker);
        }
    }

    /** Has no state of its own: what was received is judged anew with each portion. */
    private static final class Filter implements ListenerFilter {

        private final Stats stats;

        Filter(Stats stats) {
            this.stats = stats;
        }

        @Override
        public Status onAccept(Context context) {
            return Status.WAIT;
        }

        @Override
        public Status onData(Context context, ByteBuf peeked, boolean end) {
            ClientHello hello = ClientHello.read(peeked);
            switch (hello.outcome()) {
                case NEED_MORE -> {
                    return Status.WAIT;
                }
                case NOT_TLS -> stats.tlsNotFound.inc();
                case TOO_LARGE -> {
                    stats.clientHelloTooLarge.inc();
                    return Status.CLOSE;
                }
                case FOUND -> found(context.info(), hello);
            }
            stats.bytesProcessed.record(peeked.readableBytes());
            return Status.CONTINUE;
        }

        private void found(ConnectionInfo info, ClientHello hello) {
            stats.tlsFound.inc();
            info.detectedTransportProtocol("tls");
            if (hello.serverName() != null) {
                stats.sniFound.inc();
                info.requestedServerName(hello.serverName());
            } else {
                stats.sniNotFound.inc();
            }
            if (hello.protocols().isEmpty()) {
                stats.alpnNotFound.inc();
            } else {
                stats.alpnFound.inc();
                info.requestedApplicationProtocols(hello.protocols());
            }
        }
    }
}
