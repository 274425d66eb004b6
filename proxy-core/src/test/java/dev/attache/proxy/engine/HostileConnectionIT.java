package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.listener.filter.ListenerFilter;
import dev.attache.proxy.listener.spec.FilterChainMatch;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.transport.RawServerTransportSpec;
import dev.attache.proxy.transport.ServerTransport;
import dev.attache.proxy.transport.ServerTransportSpec;
import dev.attache.proxy.transport.TransportListener;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Listener filters, network filters, transports and loggers that throw cost one connection. */
class HostileConnectionIT {

    /** Where it throws, and the name that stands in the details then. */
    private enum Hook {
        LISTENER_NEW_FILTER("test"),
        LISTENER_ON_ACCEPT("test"),
        LISTENER_ON_DATA("test"),
        TRANSPORT_INSTALL(null),
        READ_NEW_FILTER("ReadSpec"),
        READ_ATTACH("ReadSpec"),
        READ_ON_NEW_CONNECTION("ReadSpec"),
        READ_ON_DATA("ReadSpec"),
        READ_ON_CLOSED(null),
        LAST_NEW_FILTER("LastSpec"),
        LAST_ON_ATTACHED("LastSpec"),
        LAST_ON_NEW_CONNECTION("LastSpec"),
        LAST_ON_CONNECTED("LastSpec"),
        LAST_ON_DATA("LastSpec"),
        LAST_ON_READ_COMPLETE("LastSpec"),
        LAST_ON_CLOSED(null),
        LAST_STREAM(null),
        ACCESS_LOG(null);

        final @Nullable String named;

        Hook(@Nullable String named) {
            this.named = named;
        }
    }

    private final StatsStore stats = new StatsStore();
    private final Engine engine = new Engine(EngineOptions.defaults(stats).withConcurrency(1));
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private volatile @Nullable Hook hook;
    private Class<? extends Throwable> what = IllegalStateException.class;

    @BeforeEach
    void serve() {
        Formatter format = Formatter.parse("%CONNECTION_TERMINATION_DETAILS%");
        assertThat(
                        Publishing.publish(
                                        engine,
                                        new ProxySnapshot(
                                                1,
                                                Map.of(
                                                        "l",
                                                        Listeners.listener("l")
                                                                .filter((worker, store) ->
                                                                        this::listenerFilter)
                                                                .chain(
                                                                        Listeners.chain(
                                                                                "c",
                                                                                FilterChainMatch
                                                                                        .ANY,
                                                                                new Transport(),
                                                                                new ReadSpec(),
                                                                                new LastSpec()))
                                                                .log(entry -> {
                                                                    strike(Hook.ACCESS_LOG);
                                                                    lines.add(format.format(entry));
                                                                })
                                                                .build()),
                                                Map.of(),
                                                Map.of()))
                                .failures())
                .isEmpty();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        Leftovers.none(engine);
    }

    static Stream<Arguments> strikes() {
        List<Arguments> all = new ArrayList<>();
        for (Hook each : Hook.values()) {
            for (Class<?> type :
                    List.of(
                            IllegalStateException.class,
                            NoClassDefFoundError.class,
                            StackOverflowError.class,
                            Error.class)) {
                all.add(Arguments.of(each, type));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("strikes")
    void costs_its_connection(Hook where, Class<? extends Throwable> type) throws Exception {
        what = type;
        try (Socket good = connect()) {
            assertThat(echo(good)).isEqualTo("ping");
            hook = where;
            try (Socket evil = connect()) {
                try {
                    evil.getOutputStream().write("ping".getBytes(StandardCharsets.US_ASCII));
                    // What it throws at the end it throws when we close, having been served.
                    evil.getInputStream().readNBytes(4);
                } catch (SocketException reset) {
                    assertThat(reset).hasMessageMatching("(?i).*(reset|broken pipe).*");
                }
            }
            Awaiting.until(
                    () -> stats.counter("listener.l.downstream_cx_filter_exception").value() >= 1,
                    "it is counted");
            Awaiting.until(() -> engine.connections() == 1, "the evil connection is gone");
            hook = null;
            assertThat(echo(good)).isEqualTo("ping");
            try (Socket next = connect()) {
                assertThat(echo(next)).isEqualTo("ping");
            }
        }
        Awaiting.until(() -> engine.connections() == 0, "all are gone");
        assertThat(stats.counter("listener.l.downstream_cx_filter_exception").value()).isOne();
        assertThat(stats.gauge("listener.l.downstream_cx_active").value()).isZero();
        assertThat(stats.gauge("listener.l.downstream_pre_cx_active").value()).isZero();
        int logged = where == Hook.ACCESS_LOG ? 2 : 3;
        Awaiting.until(() -> lines.size() == logged, "access log lines");
        if (where.named != null) {
            assertThat(lines).contains("filter_exception{" + where.named + "}");
        }
    }

    private Socket connect() throws IOException {
        IpAddress at = (IpAddress) engine.boundAddresses().get("l").getFirst();
        Socket socket = new Socket("127.0.0.1", at.port());
        socket.setSoTimeout(5000);
        return socket;
    }

    private static String echo(Socket socket) throws IOException {
        socket.getOutputStream().write("ping".getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII);
    }

    private void strike(Hook at) {
        if (hook == at) {
            throw Thrown.sneaky(what);
        }
    }

    private ListenerFilter listenerFilter() {
        strike(Hook.LISTENER_NEW_FILTER);
        return new ListenerFilter() {
            @Override
            public Status onAccept(Context context) {
                strike(Hook.LISTENER_ON_ACCEPT);
                return Status.WAIT;
            }

            @Override
            public Status onData(Context context, ByteBuf peeked, boolean end) {
                strike(Hook.LISTENER_ON_DATA);
                return Status.CONTINUE;
            }
        };
    }

    private final class Transport implements ServerTransportSpec {
        @Override
        public boolean secure() {
            return false;
        }

        @Override
        public ServerTransport open(Scope scope, List<String> serverNames) {
            ServerTransport raw = new RawServerTransportSpec().open(scope, serverNames);
            return new ServerTransport() {
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
                    strike(Hook.TRANSPORT_INSTALL);
                    raw.install(channel, info, worker, listener);
                }

                @Override
                public void close() {
                    raw.close();
                }
            };
        }
    }

    private final class ReadSpec implements NetworkFilterSpec {
        @Override
        public boolean terminal() {
            return false;
        }

        @Override
        public NetworkFilterFactory open(NetworkFilterContext context) {
            return connection -> {
                strike(Hook.READ_NEW_FILTER);
                return new NetworkFilter.Inspecting() {
                    @Override
                    public void attach(Control control) {
                        strike(Hook.READ_ATTACH);
                    }

                    @Override
                    public NetworkFilter.Status onNewConnection() {
                        strike(Hook.READ_ON_NEW_CONNECTION);
                        return NetworkFilter.Status.CONTINUE;
                    }

                    @Override
                    public NetworkFilter.Status onData(ByteBuf data, boolean end) {
                        strike(Hook.READ_ON_DATA);
                        return NetworkFilter.Status.CONTINUE;
                    }

                    @Override
                    public void onClosed(ConnectionEvent event) {
                        strike(Hook.READ_ON_CLOSED);
                    }
                };
            };
        }
    }

    private final class LastSpec implements NetworkFilterSpec {
        @Override
        public boolean terminal() {
            return true;
        }

        @Override
        public NetworkFilterFactory open(NetworkFilterContext context) {
            return connection -> {
                strike(Hook.LAST_NEW_FILTER);
                return new Last(connection);
            };
        }
    }

    private final class Last implements NetworkFilter.Terminal {
        private final Connection connection;

        Last(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void onAttached() {
            strike(Hook.LAST_ON_ATTACHED);
        }

        @Override
        public void onNewConnection() {
            strike(Hook.LAST_ON_NEW_CONNECTION);
        }

        @Override
        public void onConnected() {
            strike(Hook.LAST_ON_CONNECTED);
        }

        @Override
        public void onData(ByteBuf data, boolean end) {
            connection.write(data);
            strike(Hook.LAST_ON_DATA);
        }

        @Override
        public void onReadComplete() {
            strike(Hook.LAST_ON_READ_COMPLETE);
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            strike(Hook.LAST_ON_CLOSED);
        }

        @Override
        public @Nullable StreamInfo stream() {
            strike(Hook.LAST_STREAM);
            return null;
        }
    }
}
