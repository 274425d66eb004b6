package dev.attache.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.RedirectGuard;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.transport.RawClientTransportSpec;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.transport.UpstreamSource;
import dev.attache.proxy.upstream.dial.Dialer;
import dev.attache.proxy.upstream.dial.NettyDialer;
import dev.attache.proxy.upstream.spec.SocketSpec;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sockets that come from another address than they would by themselves. */
class SourceDialTest {
    private static final RawUnixChannelOption SO_MARK = new RawUnixChannelOption("mark", 1, 36, 4);
    private static final RawUnixChannelOption IP_TRANSPARENT =
            new RawUnixChannelOption("transparent", 0, 19, 4);

    private final RealWorker worker = new RealWorker();

    @AfterEach
    void close() throws Exception {
        worker.close();
    }

    /** A connection, or whether it was the peer's doing that there is none, and what was said. */
    private record Outcome(
            @Nullable Connection connection, boolean remote, @Nullable String reason) {}

    private Outcome dial(String source, int mark, int port) throws Exception {
        FilterState state = new FilterState(null);
        state.set(UpstreamSource.KEY, new UpstreamSource(IpAddress.parse(source, 9), mark));
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Dialer.Listener listener =
                new Dialer.Listener() {
                    @Override
                    public void onConnected(Connection connection) {
                        outcome.complete(new Outcome(connection, false, null));
                    }

                    @Override
                    public void onDialFailed(boolean remote, @Nullable String reason) {
                        outcome.complete(new Outcome(null, remote, reason));
                    }
                };
        worker.call(() ->
                new NettyDialer(worker, SocketSpec.DEFAULTS, RedirectGuard.OFF)
                        .dial(
                                IpAddress.parse("127.0.0.1", port),
                                new RawClientTransportSpec().open(new StatsStore().scope("c.")),
                                TransportOptions.from(state),
                                listener));
        return outcome.get(10, TimeUnit.SECONDS);
    }

    private int option(Connection connection, RawUnixChannelOption option) throws Exception {
        return worker.call(() -> {
            ByteBuffer value = connection.channel().config().getOption(option);
            return value.order(ByteOrder.nativeOrder()).getInt(0);
        });
    }

    @Test
    void theServerSeesTheAddressAndTheSystemTheMark() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Outcome outcome = dial("127.0.0.44", 1337, server.getLocalPort());
            Connection connection = outcome.connection();
            // Who may not set the option says nothing to the peer.
            assertThat(outcome.remote()).isFalse();
            assertThat(outcome.reason()).isNull();
            assumeTrue(connection != null, "not permitted to set IP_TRANSPARENT");
            assertThat(connection).isNotNull();
            try (Socket accepted = server.accept()) {
                assertThat(accepted.getInetAddress().getHostAddress()).isEqualTo("127.0.0.44");
                assertThat(accepted.getPort()).isNotEqualTo(9);
                assertThat(option(connection, SO_MARK)).isEqualTo(1337);
                assertThat(option(connection, IP_TRANSPARENT)).isEqualTo(1);
            }
            worker.call(() -> connection.channel().close());
        }
    }

    @Test
    void anAddressOfAnotherFamilyReachesNobody() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(dial("::1", 0, server.getLocalPort()))
                    .isEqualTo(new Outcome(null, false, null));
        }
    }

    @Test
    void addressesAndMarksTellConnectionsApart() {
        UpstreamSource one = new UpstreamSource(IpAddress.parse("192.0.2.1", 80), 1);
        assertThat(one).isEqualTo(new UpstreamSource(IpAddress.parse("192.0.2.1", 81), 1));
        assertThat(one).isNotEqualTo(new UpstreamSource(IpAddress.parse("192.0.2.1", 80), 2));
        assertThat(one).isNotEqualTo(new UpstreamSource(IpAddress.parse("192.0.2.2", 80), 1));
    }
}
