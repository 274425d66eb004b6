package dev.attache.proxy.transport;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.Channel;
import java.util.List;

/** {@code envoy.transport_sockets.raw_buffer} on the accepting side: nothing in between. */
public record RawServerTransportSpec() implements ServerTransportSpec {

    private static final ServerTransport RAW = new Raw();

    @Override
    public boolean secure() {
        return false;
    }

    @Override
    public ServerTransport open(Scope scope, List<String> serverNames) {
        return RAW;
    }

    private static final class Raw implements ServerTransport {

        @Override
        public boolean secure() {
            return false;
        }

        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public void install(
                Channel channel,
                ConnectionInfo info,
                WorkerContext worker,
                TransportListener listener) {
            listener.onTransportReady();
        }

        @Override
        public void close() {
            // Owns nothing.
        }
    }
}
