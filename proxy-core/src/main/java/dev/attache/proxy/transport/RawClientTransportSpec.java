package dev.attache.proxy.transport;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** {@code envoy.transport_sockets.raw_buffer} on the dialling side: nothing in between. */
public record RawClientTransportSpec() implements ClientTransportSpec {

    private static final ClientTransport RAW = new Raw();

    @Override
    public boolean secure() {
        return false;
    }

    @Override
    public ClientTransport open(Scope scope) {
        return RAW;
    }

    private static final class Raw implements ClientTransport {

        @Override
        public boolean secure() {
            return false;
        }

        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public boolean usesAlpn() {
            return false;
        }

        @Override
        public @Nullable String serverName() {
            return null;
        }

        @Override
        public void install(
                Channel channel,
                ConnectionInfo info,
                WorkerContext worker,
                TransportOptions options,
                TransportListener listener) {
            listener.onTransportReady();
        }

        @Override
        public void close() {
            // Owns nothing.
        }
    }
}
