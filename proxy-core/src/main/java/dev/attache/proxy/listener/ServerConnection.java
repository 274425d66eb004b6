package dev.attache.proxy.listener;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.network.FilterFaults;
import dev.attache.proxy.network.FilterPump;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.overload.ScaledTimeout;
import dev.attache.proxy.transport.TransportListener;
import dev.attache.proxy.worker.ScaledTimer;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An accepted connection from the moment its filter chain is known: installs transport and filters,
 * starts the filters when the transport is usable, and is one of its chain until they have heard of
 * the end. Loop-confined.
 */
final class ServerConnection implements TransportListener {

    /** What the objects of a TLS connection take of the heap, in bytes. */
    private static final int TLS_PRICE = 6 * 1024;

    /** What a handshake may have to keep of unfinished records, in bytes of direct memory. */
    private static final int HANDSHAKE_PRICE = 16 * 1024;

    @Nullable ServerConnection next;
    @Nullable ServerConnection previous;

    private final ActiveChain chain;
    private final Connection connection;
    private @Nullable ScaledTimer connectTimeout;
    private NetworkFilter.@Nullable Terminal last;
    private String lastName = "";
    private @Nullable FilterPump pump;
    private boolean installed;
    private boolean ready;

    private ServerConnection(
            ActiveChain chain, Channel channel, ConnectionInfo info, MemoryAccount account) {
        this.chain = chain;
        this.connection = new Connection(channel, chain.worker(), info, FilterPump.refusing());
        connection.chargeTo(account);
        account.holder(this::shed);
    }

    /** Memory is short, and this connection holds more than others. */
    private void shed() {
        if (last != null) {
            last.onShed();
        }
        connection.close(CloseType.ABORT_RESET, "overload");
    }

    /**
     * Takes the channel over.
     *
     * @param account pays for what the connection holds
     * @param received feeds what was received so far into its pipeline
     */
    static ServerConnection start(
            ActiveChain chain,
            Channel channel,
            ConnectionInfo info,
            MemoryAccount account,
            Runnable received) {
        ServerConnection accepted = new ServerConnection(chain, channel, info, account);
        if (chain.open().transport().secure()) {
            info.secured(true);
            accepted.connection.heap(TLS_PRICE);
            accepted.connection.direct(HANDSHAKE_PRICE);
            accepted.connection.handshakeInput(received);
        }
        // Reading starts with startReading, unless a filter holds it too.
        accepted.connection.input().hold();
        chain.add(accepted);
        channel.closeFuture().addListener(done -> accepted.onSocketClosed());
        // With the last connection a chain that drains lets go of what its streams' ends still use.
        accepted.connection.afterClosed(() -> chain.remove(accepted));
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
        connection.watermarkTimeout(chain.bufferWatermarkTimeoutMillis());
        connection.faults(this::onFault);
        if (!makeFilters()) {
            connection.install();
            return;
        }
        long limit = chain.open().spec().transportConnectTimeoutMillis();
        if (limit > 0) {
            connectTimeout =
                    new ScaledTimer(chain.worker(), ScaledTimeout.TRANSPORT_SOCKET_CONNECT) {
                        @Override
                        protected void expire() {
                            chain.listenerStats().counts().downstreamTransportConnectTimeout.inc();
                            connection.close(
                                    CloseType.NO_FLUSH, "transport socket timeout was reached");
                        }
                    };
            connectTimeout.arm(limit);
        }
        if (last != null) {
            connection.guarded("onAttached", last::onAttached);
        }
        boolean usable = connection.isOpen() && installTransport(channel, info);
        connection.install();
        installed = usable;
        if (usable && connection.isOpen()) {
            connection.guarded("onNewConnection", connection.handler()::onNewConnection);
        }
        if (usable && ready && connection.isOpen()) {
            connection.guarded("onConnected", connection.handler()::onConnected);
        }
        if (chain.owner().drainControl().shuttingDown()) {
            startShutdown();
        } else if (chain.isDraining()) {
            startDrain();
        }
    }

    /** The chain drains. */
    void startDrain() {
        NetworkFilter.Terminal terminal = last;
        if (terminal != null && connection.isOpen()) {
            long left = chain.drainLeftMillis();
            long total = chain.owner().drainControl().drainTimeMillis();
            connection.guarded("onDrain", () -> terminal.onDrain(left, total));
        }
    }

    /** The process is about to end. */
    void startShutdown() {
        NetworkFilter.Terminal terminal = last;
        if (terminal != null && connection.isOpen()) {
            long millis = chain.owner().drainControl().shutdownMillis();
            connection.guarded("onShutdown", () -> terminal.onShutdown(millis));
        }
    }

    private boolean installTransport(Channel channel, ConnectionInfo info) {
        try {
            chain.open().transport().install(channel, info, chain.worker(), this);
            return true;
        } catch (Throwable e) {
            giveUp(chain.open().transport().getClass().getName(), "install", e);
            return false;
        }
    }

    /**
     * Makes the filters and the handler of them; closes the connection where one cannot be made.
     */
    private boolean makeFilters() {
        List<NetworkFilterFactory> factories = chain.factories();
        List<FilterPump.Named> inspecting = List.of();
        for (int i = 0; i < factories.size() && last == null; i++) {
            @Nullable NetworkFilter made;
            try {
                made = factories.get(i).newFilter(connection);
            } catch (Throwable e) {
                giveUp(chain.filterName(i), "newFilter", e);
                return refuse(inspecting);
            }
            if (made == null) {
                HandlerLog.missingConfiguration();
                chain.listenerStats().counts().networkExtensionConfigMissing.inc();
                connection.close(CloseType.NO_FLUSH, null);
                return refuse(inspecting);
            }
            if (made instanceof NetworkFilter.Inspecting filter) {
                if (inspecting.isEmpty()) {
                    inspecting = new ArrayList<>(factories.size());
                }
                inspecting.add(new FilterPump.Named(chain.filterName(i), filter));
            } else {
                last = (NetworkFilter.Terminal) made;
                lastName = chain.filterName(i);
            }
        }
        if (inspecting.isEmpty() && last != null) {
            connection.handler(last);
            return true;
        }
        pump =
                new FilterPump(
                        connection, inspecting, last, chain.faults(), chain.bufferLimitBytes());
        connection.handler(pump);
        return true;
    }

    /** Filters that were made hear the end of the connection, but nothing else. */
    private boolean refuse(List<FilterPump.Named> made) {
        pump = new FilterPump(connection, made, null, chain.faults(), 0);
        connection.handler(pump);
        return false;
    }

    /** The terminal filter threw; those before it are seen to by their pump. */
    private String onFault(String callback, Throwable why) {
        return record(lastName, callback, why);
    }

    private void giveUp(String who, String callback, Throwable why) {
        connection.close(CloseType.NO_FLUSH, record(who, callback, why));
    }

    private String record(String who, String callback, Throwable why) {
        chain.faults()
                .record(connection.info(), null, who, callback, "its connection is closed", why);
        return FilterFaults.details(who);
    }

    @Override
    public void onTransportReady() {
        cancelTimeout();
        if (connection.info().secured()) {
            connection.direct(-HANDSHAKE_PRICE);
        }
        ready = true;
        if (installed && connection.isOpen()) {
            connection.guarded("onConnected", connection.handler()::onConnected);
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

    /** Filters have not heard of it yet: what they say in the logs is what they knew till then. */
    private void onSocketClosed() {
        cancelTimeout();
        chain.owner().connectionClosed(chain, connection, last, pump);
    }
}
