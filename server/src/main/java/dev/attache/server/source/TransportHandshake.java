package dev.attache.server.source;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.TransportListener;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.xds.stream.ConnectionSecurity;
import io.netty.channel.Channel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets a transport socket of this proxy secure a connection to a control plane. Network thread. */
final class TransportHandshake {
    private TransportHandshake() {}

    /**
     * @param hostname of the peer, or null
     */
    static ConnectionSecurity of(
            ClientTransport transport, @Nullable String hostname, TransportWorkers workers) {
        return (channel, before, outcome) -> {
            channel.attr(ClientTransport.BEFORE).set(before);
            install(transport, hostname, workers, channel, outcome);
        };
    }

    private static void install(
            ClientTransport transport,
            @Nullable String hostname,
            TransportWorkers workers,
            Channel channel,
            ConnectionSecurity.Outcome outcome) {
        ConnectionInfo info =
                new ConnectionInfo(
                        0,
                        System.currentTimeMillis(),
                        System.nanoTime(),
                        Address.of(channel.localAddress()),
                        Address.of(channel.remoteAddress()));
        transport.install(
                channel,
                info,
                workers.of(channel.eventLoop()),
                TransportOptions.NONE.withAlpnFallback(List.of("h2")).withHostName(hostname),
                new TransportListener() {
                    @Override
                    public void onTransportReady() {
                        outcome.ready();
                    }

                    @Override
                    public void onTransportFailed() {
                        outcome.failed(String.valueOf(info.transportFailureReason()));
                    }
                });
    }
}
