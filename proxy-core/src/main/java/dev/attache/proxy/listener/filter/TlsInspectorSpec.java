package dev.attache.proxy.listener.filter;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.HelloFingerprints;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.HistogramCell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.tls.hello.ClientHello;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.filters.listener.tls_inspector}: tells TLS from anything else, and from a
 * ClientHello the server name and the ALPN list. What is not TLS stays for the filters behind,
 * unless told to close such connections; what is not decided within 16 KiB is closed.
 *
 * @param closeOnErrors {@code close_connection_on_client_hello_parsing_errors}
 * @param ja3 {@code enable_ja3_fingerprinting}
 * @param ja4 {@code enable_ja4_fingerprinting}
 */
public record TlsInspectorSpec(boolean closeOnErrors, boolean ja3, boolean ja4)
        implements ListenerFilterSpec {

    private static final String NAMESPACE = "envoy.filters.listener.tls_inspector";
    private static final MetadataValue.Struct TOO_LARGE = failure("ClientHelloTooLarge");
    private static final MetadataValue.Struct NOT_DETECTED = failure("ClientHelloNotDetected");

    private static MetadataValue.Struct failure(String reason) {
        return new MetadataValue.Struct(Map.of("failure_reason", new MetadataValue.Text(reason)));
    }

    @Override
    public Factory open(WorkerContext worker, StatsStore stats) {
        Stats cells = new Stats(stats.scope("tls_inspector."), worker.index());
        Filter shared = new Filter(cells, this);
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
        private final TlsInspectorSpec spec;

        Filter(Stats stats, TlsInspectorSpec spec) {
            this.stats = stats;
            this.spec = spec;
        }

        @Override
        public Status onAccept(Context context) {
            return Status.WAIT;
        }

        @Override
        public Status onData(Context context, ByteBuf peeked, boolean end) {
            ClientHello hello = ClientHello.read(peeked);
            if (hello.outcome() == ClientHello.Outcome.NEED_MORE) {
                return Status.WAIT;
            }
            stats.bytesProcessed.record(hello.bytesRead());
            ConnectionInfo info = context.info();
            return switch (hello.outcome()) {
                case NEED_MORE -> Status.WAIT;
                case NOT_TLS -> notTls(info, hello.problem());
                case TOO_LARGE -> {
                    stats.clientHelloTooLarge.inc();
                    info.dynamicMetadata().merge(NAMESPACE, TOO_LARGE);
                    yield Status.CLOSE;
                }
                case FOUND -> {
                    found(info, hello);
                    yield Status.CONTINUE;
                }
            };
        }

        private Status notTls(ConnectionInfo info, @Nullable String problem) {
            stats.tlsNotFound.inc();
            info.dynamicMetadata().merge(NAMESPACE, NOT_DETECTED);
            info.transportFailureReason("TLS_error|" + problem + ":TLS_error_end");
            return spec.closeOnErrors() ? Status.CLOSE : Status.CONTINUE;
        }

        private void found(ConnectionInfo info, ClientHello hello) {
            stats.tlsFound.inc();
            info.detectedTransportProtocol("tls");
            if (spec.ja3() || spec.ja4()) {
                info.helloFingerprints(
                        new HelloFingerprints(
                                spec.ja3() ? hello.ja3() : null, spec.ja4() ? hello.ja4() : null));
            }
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
