package dev.attache.proxy.listener;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.network.FilterPump;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.transport.TransportListener;
import dev.attache.proxy.worker.Timer;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An accepted connection from the moment its filter chain is known: installs transport and filters,
 * starts the filters when the transport is usable, and counts until the socket closes.
 * Loop-confined.
 */
final class ServerConnection implements TransportListener {

    @Nullable ServerConnection next;
    @Nullable ServerConnection previous;

    private final ActiveChain chain;
    private final Connection connection;
    private @Nullable Timer connectTimeout;
    private NetworkFilter.@Nullable Terminal last;
    private boolean installed;
    private boolean ready;

    private ServerConnection(ActiveChain chain, Channel channel, ConnectionInfo info) {
        this.chain = chain;
        this.connection = new Connection(channel, chain.worker(), info, FilterPump.refusing());
    }

    /**
     * Takes the channel over.
     *
     * @param received feeds what was received so far into its pipeline
     */
    static ServerConnection start(
            ActiveChain chain, Channel channel, ConnectionInfo info, Runnable received) {
        ServerConnection accepted = new ServerConnection(chain, channel, info);
        if (chain.open().transport().secure()) {
            info.secured(true);
            accepted.connection.handshakeInput(received);
        }
        // Reading starts with startReading, unless a filter holds it too.
        accepted.connection.input().hold();
        chain.add(accepted);
        channel.closeFuture().addListener(done -> accepted.onClosed());
        accepted.install(channel, info);
        return accepted;
    }

    /**
     * The socket may be read as far as the filters are concerned.
     *
     * @param go feeds what was received before, unless that is done, and opens the way for more
     */
    void startReading(Runnable go) {
        // As in Envoy, a handshake begins with what is there, whoever holds the reading.
        if (connection.isOpen()) {
            connection.beginHandshake();
        }
        connection.beforeFirstRead(go);
        connection.input().release();
    }

    private void install(Channel channel, ConnectionInfo info) {
        connection.bufferLimit(chain.bufferLimitBytes());
        connection.handler(newHandler());
        long limit = chain.open().spec().transportConnectTimeoutMillis();
        if (limit > 0) {
            connectTimeout =
                    new Timer() {
                        @Override
                        protected void expire() {
                            chain.listenerStats().downstreamTransportConnectTimeout.inc();
                            connection.close(CloseType.NO_FLUSH, "transport_socket_timeout");
                        }
                    };
            chain.worker().timers().schedule(connectTimeout, limit);
        }
        chain.open().transport().install(channel, info, chain.worker(), this);
        connection.install();
        installed = true;
        if (last != null) {
            last.onAttached();
        }
        connection.handler().onNewConnection();
        if (ready && connection.isOpen()) {
            connection.handler().onConnected();
        }
    }

    private ConnectionHandler newHandler() {
        List<NetworkFilterFactory> factories = chain.factories();
        List<NetworkFilter.Inspecting> inspecting = List.of();
        for (int i = 0; i < factories.size(); i++) {
            switch (factories.get(i).newFilter(connection)) {
                case NetworkFilter.Terminal terminal -> {
                    last = terminal;
                    return inspecting.isEmpty()
                            ? terminal
                            : new FilterPump(connection, inspecting, terminal);
                }
                case NetworkFilter.Inspecting filter -> {
                    if (inspecting.isEmpty()) {
                        inspecting = new ArrayList<>(factories.size());
                    }
                    inspecting.add(filter);
                }
            }
        }
        return new FilterPump(connection, inspecting, null);
    }

    @Override
    public void onTransportReady() {
        cancelTimeout();
        ready = true;
        if (installed && connection.isOpen()) {
            connection.handler().onConnected();
        }
    }

    @Override
    public void onTransportFailed() {
        cancelTimeout();
    }

    private void cancelTimeout() {
        if (connectTimeout != null) {
            connectTimeout.cancel();
        }
    }

    void closeForDrain() {
        connection.close(CloseType.FLUSH_WRITE, null);
    }

    private void onClosed() {
        cancelTimeout();
        chain.remove(this);
        chain.owner().connectionClosed(chain, connection, last);
    }
}
